// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { vm } from "./Vm.sol";
import { IAssignmentRegister } from "../../../contracts/interfaces/IAssignmentRegister.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IPledgeDesk } from "../../../contracts/interfaces/IPledgeDesk.sol";
import { PartyId } from "../../../contracts/types/Ids.sol";

/// @notice EIP-712 as a wallet does it: digests are built from the type strings that the interfaces document, not asked
/// of the contracts.
library Signing {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant ADD_ACCOUNT = keccak256(
        "AddAccount(uint32 party,address account,uint8 rights,bytes32 evidenceHash,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RECOVER_PARTY = keccak256(
        "RecoverParty(uint32 party,address account,address[] removed,bytes32 evidenceHash,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant CHANGE_SETTLEMENT = keccak256(
        "ChangeSettlement(uint32 party,address account,bytes32 evidenceHash,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant QUOTE = keccak256(
        "Quote(uint40 note,uint32 seller,uint32 financier,uint96 maxAmount,uint32 rateBps,bool recourse,address payer,bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,address signer)"
    );
    bytes32 private constant REGISTRATION = keccak256(
        "Registration(uint40 note,bytes32 registryReference,uint64 registeredAt,uint64 replaces,address signer,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant LOAN_QUOTE = keccak256(
        "LoanQuote(uint40 note,uint32 holder,uint32 lender,uint96 pledgedValue,uint96 principal,uint32 rateBps,uint96 cap,address payer,bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,address signer)"
    );
    string private constant ITEM_TYPE =
        "Confirmation(uint32 creditor,uint96 amount,uint16 deliveryDay,uint16 dueDay,bytes32 evidenceHash,InvoiceClaim[] invoices)";
    string private constant CLAIM_TYPE = "InvoiceClaim(bytes32 fingerprint,uint96 invoiceAmount,uint96 claimed)";
    string private constant CREDIT_NOTE_TYPE = "CreditNote(bytes32 invoice,bytes32 fingerprint,uint96 amount)";
    string private constant CREDIT_BATCH_TYPE =
        "CreditNoteBatch(CreditNote[] items,address signer,uint256 nonce,uint256 deadline)";
    string private constant BATCH_TYPE =
        "ConfirmationBatch(uint32 debtor,address currency,Confirmation[] items,address signer,uint256 nonce,uint256 deadline)";

    function sign(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return abi.encodePacked(r, s, v);
    }

    function digest(string memory name, address verifier, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(DOMAIN, keccak256(bytes(name)), keccak256("1"), block.chainid, verifier));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev Under the account's present nonce, as the two that follow.
    function addAccount(
        address registry,
        PartyId party,
        address account,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline
    ) internal view returns (bytes32) {
        uint256 nonce = IParticipantRegistry(registry).nonces(account);
        return
            _registry(
                registry,
                keccak256(abi.encode(ADD_ACCOUNT, party, account, rights, evidenceHash, nonce, deadline))
            );
    }

    function recoverParty(
        address registry,
        PartyId party,
        address account,
        address[] memory removed,
        bytes32 evidenceHash,
        uint256 deadline
    ) internal view returns (bytes32) {
        uint256 nonce = IParticipantRegistry(registry).nonces(account);
        bytes32 list = keccak256(abi.encodePacked(removed));
        return
            _registry(
                registry,
                keccak256(abi.encode(RECOVER_PARTY, party, account, list, evidenceHash, nonce, deadline))
            );
    }

    function changeSettlement(
        address registry,
        PartyId party,
        address account,
        bytes32 evidenceHash,
        uint256 deadline
    ) internal view returns (bytes32) {
        uint256 nonce = IParticipantRegistry(registry).nonces(account);
        return
            _registry(
                registry,
                keccak256(abi.encode(CHANGE_SETTLEMENT, party, account, evidenceHash, nonce, deadline))
            );
    }

    function _registry(address registry, bytes32 structHash) private view returns (bytes32) {
        return digest("Cascade ParticipantRegistry", registry, structHash);
    }

    function quote(address desk, IFinancingDesk.Quote memory q) internal view returns (bytes32) {
        bytes memory head = abi.encode(QUOTE, q.note, q.seller, q.financier, q.maxAmount, q.rateBps, q.recourse);
        bytes memory tail = abi.encode(q.payer, q.registryReference, q.validUntil, q.nonce, q.epoch, q.signer);
        return digest("Cascade FinancingDesk", desk, keccak256(bytes.concat(head, tail)));
    }

    function registration(address register, IAssignmentRegister.Registration memory r) internal view returns (bytes32) {
        return digest("Cascade AssignmentRegister", register, keccak256(abi.encode(REGISTRATION, r)));
    }

    function loanQuote(address desk, IPledgeDesk.LoanQuote memory q) internal view returns (bytes32) {
        bytes memory head = abi.encode(LOAN_QUOTE, q.note, q.holder, q.lender, q.pledgedValue, q.principal, q.rateBps);
        bytes memory tail = abi.encode(q.cap, q.payer, q.registryReference, q.validUntil, q.nonce, q.epoch, q.signer);
        return digest("Cascade PledgeDesk", desk, keccak256(bytes.concat(head, tail)));
    }

    function confirmation(
        address creditRegister,
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] memory items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) internal view returns (bytes32) {
        bytes memory hashes;
        for (uint256 i = 0; i < items.length; ++i) hashes = bytes.concat(hashes, _item(items[i]));
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(abi.encodePacked(BATCH_TYPE, ITEM_TYPE, CLAIM_TYPE)),
                debtor,
                currency,
                keccak256(hashes),
                signer,
                nonce,
                deadline
            )
        );
        return digest("Cascade CreditRegister", creditRegister, structHash);
    }

    function creditNotes(
        address creditRegister,
        ICreditRegister.CreditNote[] memory items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) internal view returns (bytes32) {
        bytes memory hashes;
        bytes32 itemType = keccak256(bytes(CREDIT_NOTE_TYPE));
        for (uint256 i = 0; i < items.length; ++i) {
            ICreditRegister.CreditNote memory n = items[i];
            hashes = bytes.concat(hashes, keccak256(abi.encode(itemType, n.invoice, n.fingerprint, n.amount)));
        }
        bytes32 batchType = keccak256(abi.encodePacked(CREDIT_BATCH_TYPE, CREDIT_NOTE_TYPE));
        bytes32 structHash = keccak256(abi.encode(batchType, keccak256(hashes), signer, nonce, deadline));
        return digest("Cascade CreditRegister", creditRegister, structHash);
    }

    function _item(IIssuanceDesk.Confirmation memory c) private pure returns (bytes32) {
        bytes memory hashes;
        bytes32 claimType = keccak256(bytes(CLAIM_TYPE));
        for (uint256 i = 0; i < c.invoices.length; ++i) {
            IIssuanceDesk.InvoiceClaim memory n = c.invoices[i];
            hashes = bytes.concat(hashes, keccak256(abi.encode(claimType, n.fingerprint, n.invoiceAmount, n.claimed)));
        }
        return
            keccak256(
                abi.encode(
                    keccak256(abi.encodePacked(ITEM_TYPE, CLAIM_TYPE)),
                    c.creditor,
                    c.amount,
                    c.deliveryDay,
                    c.dueDay,
                    c.evidenceHash,
                    keccak256(hashes)
                )
            );
    }
}
