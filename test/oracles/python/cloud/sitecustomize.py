"""In functions written in Python: `/opt` is the folder into which MiniStack unpacked their layers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

LAYERS = [Path(folder) for folder in os.environ.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep) if folder]
AWS_CLI = "/opt/awscli/aws"

if LAYERS:
    real_check_call = subprocess.check_call

    def check_call(args: Any, *rest: Any, **named: Any) -> int:
        """CDK's function that copies the pages runs its layer's AWS CLI; MiniStack gives up on what talks much."""
        if isinstance(args, list) and args and args[0] == AWS_CLI:
            program = next(layer / "awscli/aws" for layer in LAYERS if (layer / "awscli/aws").exists())
            named.setdefault("env", os.environ | {"PYTHONPATH": str(program.parent)})
            named.setdefault("stdout", subprocess.DEVNULL)
            args = [sys.executable, str(program), *args[1:]]
        return real_check_call(args, *rest, **named)

    subprocess.check_call = check_call
