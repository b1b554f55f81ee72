// The instance's settings, as far as a console's sign-in needs them. Nothing in them belongs to one client.
import { z } from 'zod';
import { fixed } from './fixed.ts';

const Text = z.string().max(500).nullish().catch(null);
const Id = Text;
const Flag = z.boolean().nullish().catch(null);
const Count = z.number().nullish().catch(null);
const Texts = z.array(z.string().max(80)).catch([]);
const empty = () => fixed(() => ({}));

const Attribute = z.object({
  enabled: Flag,
  required: Flag,
  verifications: Texts,
  used_for_first_factor: Flag,
  first_factors: Texts,
  used_for_second_factor: Flag,
  second_factors: Texts,
  verify_at_sign_up: Flag,
});

export const EnvironmentAnswer = z.object({
  object: Text,
  id: Id,
  auth_config: z.object({
    object: Text,
    id: Id,
    single_session_mode: Flag,
    claimed_at: Count,
    reverification: Flag,
    preferred_channels: fixed(() => null),
  }),
  display_config: z.object({
    object: Text,
    id: Id,
    instance_environment_type: Text,
    application_name: Text,
    preferred_sign_in_strategy: Text,
    captcha_public_key: Text,
    captcha_widget_type: Text,
    captcha_public_key_invisible: Text,
    captcha_provider: Text,
    captcha_oauth_bypass: Texts,
    captcha_heartbeat: Flag,
    show_devmode_warning: Flag,
    branded: Flag,
  }),
  user_settings: z.object({
    attributes: z.record(z.string().max(80), Attribute).catch({}),
    social: empty(),
    sign_in: z.object({ second_factor: z.object({ required: Flag, enabled: Flag }) }).catch({
      second_factor: { required: false, enabled: true },
    }),
    sign_up: empty(),
    password_settings: z
      .object({ min_length: Count, max_length: Count, disable_hibp: Flag })
      .catch({ min_length: 8, max_length: 72, disable_hibp: true }),
    actions: empty(),
  }),
  organization_settings: z.object({
    object: Text,
    enabled: Flag,
    max_allowed_memberships: Count,
    force_organization_selection: Flag,
    actions: empty(),
    domains: fixed(() => ({ enabled: false, enrollment_modes: [], default_role: null })),
    slug: fixed(() => ({ disabled: false })),
    organization_creation_defaults: fixed(() => ({ enabled: false })),
  }),
  commerce_settings: fixed(() => ({
    billing: {
      stripe_publishable_key: '',
      organization: { enabled: false, has_paid_plans: false },
      user: { enabled: false, has_paid_plans: false },
    },
  })),
  api_keys_settings: fixed(() => ({ user_api_keys_enabled: false, orgs_api_keys_enabled: false })),
  protect_config: z.object({ object: Text, id: Id }).nullish().catch(null),
  maintenance_mode: Flag,
  client_debug_mode: fixed(() => false),
});
