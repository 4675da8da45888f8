import type { Response } from 'express';
import { errorPage, PAGE_HEADERS } from './pages.ts';

/** A text parameter; anything else, such as one given twice, counts as empty. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Sends a whole page, or a message page of title and text. */
export const sendPage = (response: Response, status: number, page: string, text?: string): void => {
  response
    .status(status)
    .set(PAGE_HEADERS)
    .send(text === undefined ? page : errorPage(page, text));
};
