// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IFinancingDesk } from "../interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "../interfaces/IParticipantRegistry.sol";
import { PartyId } from "../types/Ids.sol";
import { Rights } from "../types/Roles.sol";

/// @notice Who may bind a party by a quote, to buy or to lend, and whose money that may be.
library QuoteSigner {
    /// @notice Checks that the signer has the quote right of the active party, in one of the roles, under its present epoch.
    /// @return settlementAccount The party's.
    /// @return held All its roles.
    function check(
        IParticipantRegistry registry,
        address signer,
        PartyId party,
        uint16 roles,
        uint32 epoch
    ) internal view returns (address settlementAccount, uint16 held) {
        PartyId signerParty;
        (signerParty, settlementAccount) = registry.actor(signer, Rights.QUOTE, roles);
        if (signerParty != party) revert IFinancingDesk.SignerOfOtherParty(signer, party, signerParty);
        IParticipantRegistry.Party memory p = registry.party(party);
        if (p.quoteEpoch != epoch) revert IFinancingDesk.QuoteEpochOver(party, epoch, p.quoteEpoch);
        held = p.roles;
    }

    /// @notice Checks that the payer is the party's settlement account or another of its accounts.
    function checkPayer(
        IParticipantRegistry registry,
        address payer,
        PartyId party,
        address settlementAccount
    ) internal view {
        if (payer == settlementAccount) return;
        PartyId payerParty = registry.account(payer).party;
        if (payerParty != party) revert IFinancingDesk.PayerOfOtherParty(payer, party, payerParty);
    }
}
