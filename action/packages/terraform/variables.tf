variable "integration_id" {
  description = "From the integration’s page in the Identity Portal. Begins with int_."
  type        = string
}

variable "session_secret" {
  description = "From the Identity Portal; shown once, when the integration is created or its secret is rotated. 43 characters."
  type        = string
  sensitive   = true
}

variable "session_secret_previous" {
  description = "Only during a rotation: the old Session Secret, so that logins in progress can still complete."
  type        = string
  default     = ""
  sensitive   = true
}

variable "capture_url" {
  description = "Where your Verified service runs, without a path, such as https://verify.example.com."
  type        = string
}

variable "mode" {
  description = "At every browser login, or only when the application asks for it."
  type        = string
  default     = "always"

  validation {
    condition     = contains(["always", "on-demand"], var.mode)
    error_message = "One of always, on-demand."
  }
}

variable "freshness_seconds" {
  description = "How long a face check in the same browser session is fresh enough, up to 2592000. 0 asks at every login."
  type        = string
  default     = "0"
}

variable "step_up_freshness_seconds" {
  description = "The same for applications that ask for the face themselves, up to 2592000. 0 requires a new check each time."
  type        = string
  default     = "0"
}

variable "claim_namespace" {
  description = "Prefix of the claims in the tokens: an http(s) address that ends in a slash."
  type        = string
  default     = "https://authid.ai/claims/"
}

variable "only_clients" {
  description = "Client IDs, separated by commas: only logins to these applications ask for a face. Blank: all."
  type        = string
  default     = ""
}

variable "except_clients" {
  description = "Client IDs, separated by commas: logins to these applications never ask for a face."
  type        = string
  default     = ""
}

variable "only_organizations" {
  description = "IDs or names, separated by commas: only logins to these always ask for a face, others when the application asks."
  type        = string
  default     = ""
}

variable "except_organizations" {
  description = "IDs or names, separated by commas: logins to these ask for a face only when the application asks."
  type        = string
  default     = ""
}

variable "only_roles" {
  description = "Names, separated by commas: only users with one of them are asked at every login, others when the application asks."
  type        = string
  default     = ""
}

variable "except_roles" {
  description = "Names, separated by commas: users with one of them are asked only when the application asks."
  type        = string
  default     = ""
}

variable "enroll_at_login" {
  description = "No: users who never had a face check pass without one, until an application asks for it for the first time."
  type        = string
  default     = null

  validation {
    condition     = contains(["false", "true"], coalesce(var.enroll_at_login, "true"))
    error_message = "One of false, true."
  }
}

variable "enrol_at_login" {
  description = "Former name of enroll_at_login, still read. No: users who never had a face check pass without one, until an application asks for it for the first time."
  type        = string
  default     = null

  validation {
    condition     = contains(["false", "true"], coalesce(var.enrol_at_login, "true"))
    error_message = "One of false, true."
  }
}

variable "allow_without_browser" {
  description = "Password grant, token exchange and the like pass without the claim instead of being denied."
  type        = string
  default     = "false"

  validation {
    condition     = contains(["false", "true"], var.allow_without_browser)
    error_message = "One of false, true."
  }
}

variable "strict_refresh" {
  description = "A refresh token whose login had no face check is refused."
  type        = string
  default     = "false"

  validation {
    condition     = contains(["false", "true"], var.strict_refresh)
    error_message = "One of false, true."
  }
}

variable "skip_tenant_mfa" {
  description = "A login with a face check does not ask for the tenant's own multi-factor authentication as well."
  type        = string
  default     = "false"

  validation {
    condition     = contains(["false", "true"], var.skip_tenant_mfa)
    error_message = "One of false, true."
  }
}

variable "allow_bypass" {
  description = "An admin can let one user in without a face, by verified_bypass_until in the user’s app_metadata: epoch seconds, at most 7 days ahead."
  type        = string
  default     = "false"

  validation {
    condition     = contains(["false", "true"], var.allow_bypass)
    error_message = "One of false, true."
  }
}

variable "debug" {
  description = "One line per run in the Action log: support id, protocol, mode and decision."
  type        = string
  default     = "false"

  validation {
    condition     = contains(["false", "true"], var.debug)
    error_message = "One of false, true."
  }
}

variable "action_name" {
  description = "Name of the Action in the tenant."
  type        = string
  default     = "Verified face factor"
}
