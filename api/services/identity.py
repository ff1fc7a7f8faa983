"""All that concerns who asks, together."""

from __future__ import annotations

from dataclasses import dataclass

from api.services.api_keys import Keys
from api.services.people import Staff
from api.services.providers import ProviderSignIn
from api.services.sign_in import SignIn
from api.services.signing_keys import SigningKeys
from api.services.wallets import WalletSignIn


@dataclass(frozen=True, slots=True)
class IdentityDesk:
    """Signing in, people, wallets, identity providers, API keys and the signing keys that are kept for people."""

    sign_in: SignIn
    staff: Staff
    wallets: WalletSignIn
    providers: ProviderSignIn
    keys: Keys
    signing_keys: SigningKeys
