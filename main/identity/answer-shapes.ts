// The parts of Clerk's answers that a window gets. Everything here is named; what is not named is dropped,
// so a field that Clerk adds tomorrow reaches no renderer. Free metadata, pictures from elsewhere and
// connections of other companies are left out on purpose.
import { z } from 'zod';
import { fixed } from './fixed.ts';

const Text = z.string().max(2000).nullish().catch(null);
const Id = z.string().max(120);
const Count = z.number().nullish().catch(null);
const Flag = z.boolean().nullish().catch(null);
const Texts = z.array(z.string().max(200)).catch([]);
const nothing = () => fixed((): never[] => []);
const empty = () => fixed(() => ({}));

// Not the address of a company's sign-in page: main opens that itself.
const Verification = z
  .object({
    object: Text,
    status: Text,
    strategy: Text,
    attempts: Count,
    expire_at: Count,
    verified_at_client: Text,
  })
  .nullish();
const Factor = z.object({
  strategy: z.string().max(80),
  safe_identifier: Text,
  email_address_id: Text,
  phone_number_id: Text,
  // Not its name, which may be another client's.
  enterprise_connection_id: Text,
  primary: Flag,
  default: Flag,
});
const Factors = z.array(Factor).nullish();
const Picture = z
  .string()
  .max(20_000)
  .nullish()
  .transform((url) => (url?.startsWith('data:image/') === true ? url : ''));
const NoPicture = fixed(() => '');
const PublicUser = z
  .object({
    user_id: Text,
    first_name: Text,
    last_name: Text,
    username: Text,
    identifier: Text,
    image_url: NoPicture,
    has_image: Flag,
  })
  .nullish();

const EmailAddress = z.object({
  object: Text,
  id: Id,
  email_address: z.string().max(320),
  verification: Verification,
  linked_to: nothing(),
  matches_sso_connection: Flag,
});

const Organization = z.object({
  object: Text,
  id: Id,
  name: z.string().max(300),
  slug: Text,
  image_url: Picture,
  has_image: Flag,
  public_metadata: empty(),
  members_count: Count,
  pending_invitations_count: Count,
  max_allowed_memberships: Count,
  admin_delete_enabled: Flag,
  created_at: Count,
  updated_at: Count,
});

/** @param organizationId the window's: memberships in others are removed. Null: in all */
export function answerShapes(organizationId: string | null, isPinnedToken: (jwt: string) => boolean) {
  const Membership = z.object({
    object: Text,
    id: Id,
    organization: Organization,
    public_metadata: empty(),
    public_user_data: PublicUser,
    role: Text,
    role_name: Text,
    permissions: Texts,
    created_at: Count,
    updated_at: Count,
  });
  // Looks at the raw list first: another organization's entry need not even be well formed to be removed.
  const Memberships = z
    .array(z.unknown())
    .nullish()
    .transform((all) => (all ?? []).filter((one) => isMembershipOf(one, organizationId)))
    .pipe(z.array(Membership));
  const PinnedOrganization = z
    .unknown()
    .optional()
    .transform((id) => (id === organizationId ? organizationId : null));
  const Token = z.object({ object: Text, jwt: z.string().max(16_384).refine(isPinnedToken) });
  const TokenOrNull = Token.nullish().catch(null);

  const User = z.object({
    object: Text,
    id: Id,
    external_id: fixed(() => null),
    first_name: Text,
    last_name: Text,
    username: Text,
    image_url: NoPicture,
    has_image: Flag,
    primary_email_address_id: Text,
    primary_phone_number_id: Text,
    primary_web3_wallet_id: Text,
    email_addresses: z.array(EmailAddress),
    phone_numbers: nothing(),
    web3_wallets: nothing(),
    external_accounts: nothing(),
    enterprise_accounts: nothing(),
    saml_accounts: nothing(),
    passkeys: nothing(),
    organization_memberships: Memberships,
    password_enabled: Flag,
    totp_enabled: Flag,
    backup_code_enabled: Flag,
    two_factor_enabled: Flag,
    public_metadata: empty(),
    unsafe_metadata: empty(),
    last_sign_in_at: Count,
    create_organization_enabled: fixed(() => false),
    create_organizations_limit: fixed(() => null),
    delete_self_enabled: fixed(() => false),
    legal_accepted_at: Count,
    created_at: Count,
    updated_at: Count,
  });
  const Session = z.object({
    object: Text,
    id: Id,
    status: z.string().max(40),
    expire_at: Count,
    abandon_at: Count,
    factor_verification_age: z.tuple([z.number(), z.number()]).nullish(),
    last_active_at: Count,
    last_active_organization_id: PinnedOrganization,
    last_active_token: TokenOrNull,
    actor: fixed(() => null),
    tasks: z.array(z.object({ key: z.string().max(80) })).nullish(),
    user: User.nullish(),
    public_user_data: PublicUser,
    created_at: Count,
    updated_at: Count,
  });
  const SignIn = z.object({
    object: Text,
    id: Text,
    status: Text,
    client_trust_state: Text,
    supported_identifiers: Texts,
    identifier: Text,
    supported_first_factors: Factors,
    supported_second_factors: Factors,
    first_factor_verification: Verification,
    second_factor_verification: Verification,
    created_session_id: Text,
    user_data: PublicUser,
    abandon_at: Count,
  });
  const Client = z.object({
    object: Text,
    id: Id,
    sessions: z.array(Session),
    sign_in: SignIn.nullish(),
    sign_up: fixed(() => null),
    last_active_session_id: Text,
    last_authentication_strategy: Text,
    cookie_expires_at: fixed(() => null),
    captcha_bypass: Flag,
    created_at: Count,
    updated_at: Count,
  });
  const SessionVerification = z.object({
    object: Text,
    id: Text,
    status: Text,
    level: Text,
    session: Session,
    supported_first_factors: Factors,
    supported_second_factors: Factors,
    first_factor_verification: Verification,
    second_factor_verification: Verification,
  });
  const enveloped = <S extends z.ZodType>(response: S) => z.object({ response, client: Client.nullish() });

  return {
    client: enveloped(Client.nullish()),
    signIn: enveloped(SignIn),
    session: enveloped(Session),
    verification: enveloped(SessionVerification),
    memberships: enveloped(
      z
        .object({ data: Memberships })
        // The real total would tell how many other clients there are.
        .transform(({ data }) => ({ data, total_count: data.length })),
    ),
    token: Token,
  } as const;
}

function isMembershipOf(value: unknown, organizationId: string | null): boolean {
  const named = z.object({ organization: z.object({ id: z.string() }) }).safeParse(value);
  return named.success && named.data.organization.id === organizationId;
}
