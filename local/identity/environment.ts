/** What GET /v1/environment answers: password sign-in with one session a client, organizations, no sign-up. */
export function environmentJson(instanceId: string): Record<string, unknown> {
  const suffix = instanceId.replace(/^ins_/, '');
  return {
    object: 'environment',
    id: `env_${suffix}`,
    auth_config: {
      object: 'auth_config',
      id: `aac_${suffix}`,
      single_session_mode: true,
      claimed_at: null,
      reverification: true,
      preferred_channels: null,
    },
    display_config: {
      object: 'display_config',
      id: `dc_${suffix}`,
      instance_environment_type: 'development',
      application_name: 'Caisey Console (local)',
      preferred_sign_in_strategy: 'password',
      captcha_public_key: null,
      captcha_widget_type: null,
      captcha_public_key_invisible: null,
      captcha_provider: 'turnstile',
      captcha_oauth_bypass: [],
      captcha_heartbeat: false,
      show_devmode_warning: false,
      branded: false,
      home_url: '',
      logo_image_url: '',
      favicon_image_url: '',
      sign_in_url: '',
      sign_up_url: '',
      support_email: '',
      after_sign_in_url: '',
      after_sign_up_url: '',
      after_sign_out_all_url: '',
      after_sign_out_one_url: '',
      after_switch_session_url: '',
    },
    user_settings: {
      attributes: {
        email_address: attribute(true, []),
        password: attribute(true, []),
        authenticator_app: attribute(false, ['totp']),
      },
      social: {},
      sign_in: { second_factor: { required: false, enabled: true } },
      sign_up: {
        allowlist_only: false,
        progressive: true,
        captcha_enabled: false,
        mode: 'restricted',
        legal_consent_enabled: false,
      },
      password_settings: { min_length: 8, max_length: 72, disable_hibp: true },
      actions: { delete_self: false, create_organization: false },
    },
    organization_settings: {
      object: 'organization_settings',
      enabled: true,
      max_allowed_memberships: 100,
      force_organization_selection: false,
      actions: { admin_delete: false },
      domains: { enabled: false, enrollment_modes: [], default_role: null },
      slug: { disabled: false },
      organization_creation_defaults: { enabled: false },
    },
    commerce_settings: {
      billing: {
        stripe_publishable_key: '',
        organization: { enabled: false, has_paid_plans: false },
        user: { enabled: false, has_paid_plans: false },
      },
    },
    api_keys_settings: { user_api_keys_enabled: false, orgs_api_keys_enabled: false },
    protect_config: { object: 'protect_config', id: `pc_${suffix}` },
    maintenance_mode: false,
    client_debug_mode: false,
  };
}

function attribute(firstFactor: boolean, secondFactors: string[]): Record<string, unknown> {
  return {
    enabled: true,
    required: secondFactors.length === 0,
    verifications: [],
    used_for_first_factor: firstFactor,
    first_factors: [],
    used_for_second_factor: secondFactors.length > 0,
    second_factors: secondFactors,
    verify_at_sign_up: false,
  };
}
