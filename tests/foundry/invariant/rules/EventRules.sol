// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { World } from "../World.sol";
import { vm } from "../../base/Vm.sol";
import { ICreditRegister } from "../../../../contracts/interfaces/ICreditRegister.sol";
import { IFinancingDesk } from "../../../../contracts/interfaces/IFinancingDesk.sol";
import { IIssuanceDesk } from "../../../../contracts/interfaces/IIssuanceDesk.sol";
import { Day, NoteId, OrderId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";

/// @notice I-15: the books, which know nothing but events, say of every stored fact what the chain says.
abstract contract EventRules is World {
    function invariant_I15_eventsSuffice() internal view {
        _compareParties();
        _compareNotes();
        _compareRest();
        _compareBanks();
    }

    function _compareParties() private view {
        vm.assertEq(registry.partyCount(), partyCount_, "I-15: parties");
        for (uint32 i = 0; i <= partyCount_ + 1; ++i) {
            PartyId id = PartyId.wrap(i);
            vm.assertEq(abi.encode(registry.party(id)), abi.encode(party_[id]), "I-15: party");
            vm.assertEq(abi.encode(registry.recovery(id)), abi.encode(recovery_[id]), "I-15: recovery");
            vm.assertEq(
                abi.encode(registry.settlementChange(id)),
                abi.encode(settlementChange_[id]),
                "I-15: settlement change"
            );
            vm.assertEq(credit.overdueCount(id), overdueCount_[id], "I-15: overdue count");
            for (uint16 currency = 1; currency <= RAIL; ++currency) {
                address token = currencyToken_[currency];
                vm.assertEq(abi.encode(credit.line(id, token)), abi.encode(line_[id][token]), "I-15: line");
            }
        }
        for (uint256 i = 0; i < accountsSeen.length; ++i) {
            address a = accountsSeen[i];
            vm.assertEq(abi.encode(registry.account(a)), abi.encode(account_[a]), "I-15: account");
            vm.assertEq(registry.nonces(a), nonce_[a], "I-15: nonce of an account");
        }
        for (uint256 i = 0; i < codesSeen.length; ++i) {
            PartyId id = registry.partyOfCreditCode(codesSeen[i]);
            vm.assertEq(PartyId.unwrap(id), PartyId.unwrap(partyOfCode_[codesSeen[i]]), "I-15: credit code");
        }
    }

    function _compareNotes() private view {
        vm.assertEq(notes.noteCount(), noteCount_, "I-15: notes");
        vm.assertEq(notes.receivableCount(), receivableCount_, "I-15: receivables");
        for (uint40 i = 0; i <= noteCount_ + 1; ++i) {
            NoteId id = NoteId.wrap(i);
            vm.assertEq(abi.encode(notes.note(id)), abi.encode(note_[id]), "I-15: note");
            vm.assertEq(Day.unwrap(bankRepayments.restsUntil(id)), Day.unwrap(restsUntil_[id]), "I-15: rest");
            vm.assertEq(notes.pledgedValue(id), pledgedValue_[id], "I-15: pledged value");
            vm.assertEq(Day.unwrap(notes.tenderDay(id)), Day.unwrap(tenderDay_[id]), "I-15: day of tender");
            (IFinancingDesk.Sale memory sale, NoteId origin) = financing.saleOf(id);
            vm.assertEq(NoteId.unwrap(origin), NoteId.unwrap(origin_[id]), "I-15: sale with recourse");
            vm.assertEq(abi.encode(sale), abi.encode(undertaking_[origin]), "I-15: its terms");
            vm.assertEq(Day.unwrap(recourse.demandDay(id)), Day.unwrap(demandDay_[id]), "I-15: demand");
            vm.assertEq(
                abi.encode(assignments.assignmentOf(id)),
                abi.encode(assignment_[id]),
                "I-15: registration and notice"
            );
            vm.assertEq(abi.encode(pledges.loan(id)), abi.encode(loan_[id]), "I-15: loan");
            vm.assertEq(orders.freezeCount(id), freezeCount_[id], "I-15: freezes");
        }
        for (uint40 i = 0; i <= receivableCount_ + 1; ++i) {
            ReceivableId id = ReceivableId.wrap(i);
            vm.assertEq(abi.encode(notes.receivable(id)), abi.encode(receivable_[id]), "I-15: receivable");
            vm.assertEq(notes.tenderedValue(id), tenderedValue_[id], "I-15: tendered value");
            vm.assertEq(abi.encode(repayment.round(id)), abi.encode(round_[id]), "I-15: round");
            vm.assertEq(abi.encode(bankRepayments.roundBank(id)), abi.encode(roundBank_[id]), "I-15: bank of a round");
        }
        for (uint256 i = 0; i < consentsSeen.length; ++i) {
            ConsentKey memory k = consentsSeen[i];
            vm.assertEq(
                abi.encode(notes.consent(k.receiver, k.offeror, k.currency)),
                abi.encode(consent_[k.receiver][k.offeror][k.currency]),
                "I-15: consent"
            );
        }
    }

    function _compareInvoices() private view {
        for (uint256 i = 0; i < invoicesSeen.length; ++i) {
            bytes32 f = invoicesSeen[i];
            (uint96 amount, uint96 used) = credit.invoice(f);
            vm.assertEq(amount, invoiceAmount_[f], "I-15: invoice");
            vm.assertEq(used, invoiceUsed_[f], "I-15: use of an invoice");
        }
        for (uint256 i = 0; i < claimsSeen.length; ++i) {
            ICreditRegister.Claim memory c = claimsSeen[i];
            uint96 part = credit.claimOf(c.fingerprint, c.notes, c.receivable);
            vm.assertEq(part, claimed_[_key(c)], "I-15: claim");
        }
        for (uint256 i = 0; i < creditNotesSeen.length; ++i) {
            bytes32 f = creditNotesSeen[i];
            vm.assertEq(credit.creditNote(f), creditNote_[f], "I-15: credit note");
        }
    }

    function _compareRest() private view {
        _compareInvoices();
        for (uint256 i = 0; i < noncesSeen.length; ++i) {
            bool used = credit.isAttestationNonceUsed(noncesSeen[i].signer, noncesSeen[i].nonce);
            vm.assertTrue(used, "I-15: nonce");
        }
        for (uint256 i = 0; i < wordsSeen.length; ++i) {
            bool used = assignments.isRegistrationNonceUsed(wordsSeen[i].signer, wordsSeen[i].nonce);
            vm.assertTrue(used, "I-15: nonce of a registration");
        }
        for (uint256 i = 0; i < quotesSeen.length; ++i) {
            QuoteKey memory k = quotesSeen[i];
            vm.assertEq(financing.taken(k.financier, k.nonce), taken_[k.financier][k.nonce], "I-15: quote");
        }
        for (uint256 i = 0; i < loanQuotesSeen.length; ++i) {
            LoanQuoteKey memory k = loanQuotesSeen[i];
            bool used = pledges.isQuoteUsed(k.lender, k.nonce);
            vm.assertTrue(used && loanQuoteUsed_[k.lender][k.nonce], "I-15: loan quote");
        }
        vm.assertEq(orders.reassignmentCount(), reassignmentCount_, "I-15: reassignments");
        for (uint40 i = 0; i <= reassignmentCount_ + 1; ++i) {
            OrderId id = OrderId.wrap(i);
            vm.assertEq(abi.encode(orders.reassignment(id)), abi.encode(reassignment_[id]), "I-15: reassignment");
        }
        for (uint256 i = 0; i < writersSeen.length; ++i) {
            vm.assertEq(credit.notesOf(writersSeen[i]), writesFor_[writersSeen[i]], "I-15: writer");
        }
        for (uint256 i = 0; i < desksSeen.length; ++i) {
            vm.assertTrue(notes.isDesk(desksSeen[i]) == isDesk_[desksSeen[i]], "I-15: desk");
        }
        for (uint16 i = 0; i <= currencyCount_ + 1; ++i) {
            vm.assertEq(notes.currencyToken(i), currencyToken_[i], "I-15: currency");
            address token = currencyToken_[i];
            vm.assertEq(issuance.currencyOf(token), token == address(0) ? 0 : i, "I-15: number of a currency");
        }
        vm.assertEq(issuance.currencyCount(), currencyCount_, "I-15: currencies");
        vm.assertTrue(notes.isPaused() == isPaused_, "I-15: paused");
        (uint32 number, IIssuanceDesk.Policy memory terms) = issuance.policy();
        vm.assertEq(number, policyNumber_, "I-15: policy number");
        vm.assertEq(abi.encode(terms), abi.encode(policy_[number]), "I-15: policy");
    }

    function _compareBanks() private view {
        for (uint256 i = 0; i < waitsSeen.length; ++i) {
            bytes32 id = waitsSeen[i];
            vm.assertEq(abi.encode(banks.reservation(id)), abi.encode(wait_[id]), "I-15: reservation");
            vm.assertEq(abi.encode(bankSales.sale(id)), abi.encode(sale_[id]), "I-15: sale under way");
            NoteId[] storage list = notesUnder_[id];
            for (uint256 j = 0; j < list.length; ++j) {
                uint96 principal = bankRepayments.reservedPrincipal(id, list[j]);
                vm.assertEq(principal, principalUnder_[id][list[j]], "I-15: principal reserved");
            }
        }
        for (uint256 i = 0; i < referencesSeen.length; ++i) {
            Reference memory r = referencesSeen[i];
            vm.assertEq(
                abi.encode(banks.record(r.bank, r.paymentReference)),
                abi.encode(record_[r.bank][r.paymentReference]),
                "I-15: reference"
            );
        }
    }
}
