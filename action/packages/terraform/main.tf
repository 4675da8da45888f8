terraform {
  required_version = ">= 1.3"
  required_providers {
    auth0 = {
      source = "auth0/auth0"
      # 1.11 is the first that knows the runtime node22.
      version = ">= 1.11.0, < 2.0.0"
    }
  }
}

locals {
  settings = {
    INTEGRATION_ID            = var.integration_id
    SESSION_SECRET            = var.session_secret
    SESSION_SECRET_PREVIOUS   = var.session_secret_previous
    CAPTURE_URL               = var.capture_url
    MODE                      = var.mode
    FRESHNESS_SECONDS         = var.freshness_seconds
    STEP_UP_FRESHNESS_SECONDS = var.step_up_freshness_seconds
    CLAIM_NAMESPACE           = var.claim_namespace
    ONLY_CLIENTS              = var.only_clients
    EXCEPT_CLIENTS            = var.except_clients
    ONLY_ORGANIZATIONS        = var.only_organizations
    EXCEPT_ORGANIZATIONS      = var.except_organizations
    ONLY_ROLES                = var.only_roles
    EXCEPT_ROLES              = var.except_roles
    ENROLL_AT_LOGIN           = coalesce(var.enroll_at_login, var.enrol_at_login, "true")
    ALLOW_WITHOUT_BROWSER     = var.allow_without_browser
    STRICT_REFRESH            = var.strict_refresh
    SKIP_TENANT_MFA           = var.skip_tenant_mfa
    ALLOW_BYPASS              = var.allow_bypass
    DEBUG                     = var.debug
  }
  # Which settings there are is no secret; their values may be, and Terraform repeats no block over those.
  setting_names = toset(concat(
    ["INTEGRATION_ID", "SESSION_SECRET", "CAPTURE_URL", "MODE", "FRESHNESS_SECONDS", "STEP_UP_FRESHNESS_SECONDS", "CLAIM_NAMESPACE", "ENROLL_AT_LOGIN", "ALLOW_WITHOUT_BROWSER", "STRICT_REFRESH", "SKIP_TENANT_MFA", "ALLOW_BYPASS", "DEBUG"],
    nonsensitive(var.session_secret_previous != "") ? ["SESSION_SECRET_PREVIOUS"] : [],
    var.only_clients != "" ? ["ONLY_CLIENTS"] : [],
    var.except_clients != "" ? ["EXCEPT_CLIENTS"] : [],
    var.only_organizations != "" ? ["ONLY_ORGANIZATIONS"] : [],
    var.except_organizations != "" ? ["EXCEPT_ORGANIZATIONS"] : [],
    var.only_roles != "" ? ["ONLY_ROLES"] : [],
    var.except_roles != "" ? ["EXCEPT_ROLES"] : [],
  ))
}

resource "auth0_action" "face_factor" {
  name    = var.action_name
  runtime = "node22"
  code    = file("${path.module}/verified-face-factor.js")
  deploy  = true

  supported_triggers {
    id      = "post-login"
    version = "v3"
  }

  dynamic "secrets" {
    for_each = local.setting_names
    content {
      name  = secrets.value
      value = local.settings[secrets.value]
    }
  }

  lifecycle {
    precondition {
      condition     = coalesce(var.enrol_at_login, var.enroll_at_login, "unset") == coalesce(var.enroll_at_login, var.enrol_at_login, "unset")
      error_message = "enroll_at_login and enrol_at_login, its former name, differ: give one."
    }
  }
}

# Appends to the flow and leaves the other Actions alone, unlike auth0_trigger_actions, which owns the whole list.
resource "auth0_trigger_action" "face_factor" {
  trigger      = "post-login"
  action_id    = auth0_action.face_factor.id
  display_name = auth0_action.face_factor.name
}

output "action_id" {
  description = "Id of the Action."
  value       = auth0_action.face_factor.id
}
