// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { Dice } from "./Dice.sol";
import { Tally } from "./Tally.sol";
import { BankBooks } from "./books/BankBooks.sol";
import { CreditBooks } from "./books/CreditBooks.sol";
import { MarkBooks } from "./books/MarkBooks.sol";
import { OrderBooks } from "./books/OrderBooks.sol";
import { PartyBooks } from "./books/PartyBooks.sol";
import { BankStory } from "../base/BankStory.sol";
import { RecourseBooks } from "./books/RecourseBooks.sol";
import { Actor } from "../base/Cast.sol";
import { IMoney } from "../base/Network.sol";
import { Vm, vm } from "../base/Vm.sol";
import { IBankDesk } from "../../../contracts/interfaces/IBankDesk.sol";
import { IBankSaleDesk } from "../../../contracts/interfaces/IBankSaleDesk.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../contracts/types/NoteFlags.sol";
import { Roles } from "../../../contracts/types/Roles.sol";

/// @dev Money whose bank blocks accounts.
interface IBlockable {
    function setBlocked(address account, bool blocked) external;
    function blocked(address account) external view returns (bool);
}

/// @notice The network, everybody in it, and the books that are kept from its events alone. Acts (acts/) try things here;
/// what is refused is caught and counted, so an act that reverts has found a broken promise.
abstract contract World is BankStory, Tally, PartyBooks, CreditBooks, MarkBooks, BankBooks, RecourseBooks, OrderBooks {
    uint16 internal constant SILENT = 3;
    uint16 internal constant FEE = 4;
    uint16 internal constant BLOCKABLE = 5;
    /// @dev Currencies that are tokens; the one after them is in banks' books.
    uint16 internal constant CURRENCIES = 5;
    uint16 internal constant RAIL = 6;
    uint256 internal constant PLENTY = 1 << 120;

    Actor[] internal everybody;
    Actor internal arbiter;
    mapping(address account => uint256 key) internal keyOf;
    /// @dev What a note was when it was first seen (I-4).
    mapping(NoteId => bytes32) internal birth;
    uint40 private _born;
    /// @dev The chain's time: what an act sets must last for the next.
    uint256 internal clock;

    function setUp() public override {
        vm.recordLogs();
        super.setUp();
        _gatherMore();
        _declareStates();
        // Something to pass on, of two debtors in three currencies.
        _found();
        _confirm(core2, EUR, _one(_item(tier2, FACE)));
        _foundOnRail(core, tier3);
        _foundOnRail(core, tier4, 12);
        _foundOnRail(core2, tier5, 24);
        _replay(vm.getRecordedLogs());
        _recordBirths();
        delete touched;
        clock = block.timestamp;
    }

    /// @dev Each act begins at the time that the last one left.
    modifier lived() {
        vm.warp(clock);
        _;
        clock = block.timestamp;
    }

    // -- doing

    /// @notice Tries an act. A success is written into the books from its events, and may be about nothing but the
    /// receivables in `named` and new ones (I-16); a refusal must be one that has a name.
    function _do(
        string memory act,
        address sender,
        address target,
        bytes memory data,
        ReceivableId[] memory named
    ) internal returns (bool done, bytes memory result) {
        uint40 before = receivableCount_;
        vm.prank(sender);
        (done, result) = target.call(data);
        _count(act, done);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (!done) {
            _requireName(act, result);
            _countReason(bytes4(result));
            return (done, result);
        }
        delete touched;
        _replay(logs);
        _recordBirths();
        for (uint256 i = 0; i < touched.length; ++i) {
            bool isNew = ReceivableId.unwrap(touched[i]) > before;
            vm.assertTrue(isNew || _contains(named, touched[i]), string.concat("I-16: ", act, " touched another debt"));
            if (i == 0 || touched[i] != touched[i - 1]) _survey(touched[i]);
        }
    }

    function _recordBirths() private {
        for (uint40 last = notes.noteCount(); _born < last;) {
            NoteId id = NoteId.wrap(++_born);
            birth[id] = _identity(id);
        }
    }

    function _identity(NoteId id) internal view returns (bytes32) {
        IReceivableNotes.Note memory n = notes.note(id);
        return keccak256(abi.encode(n.holder, n.parent, n.receivable, n.tier));
    }

    /// @dev A refusal names a rule: no panic, no empty answer, no string. Hostile money may say what it likes.
    function _requireName(string memory act, bytes memory reason) private pure {
        bytes4 selector = bytes4(reason);
        bool named = reason.length >= 4 && selector != bytes4(0x4e487b71) && selector != bytes4(0x08c379a0);
        vm.assertTrue(named || _inHostileMoney(act), string.concat(act, " was refused without a name"));
    }

    function _inHostileMoney(string memory act) private pure returns (bool) {
        bytes32 act_ = keccak256(bytes(act));
        return act_ == keccak256("finance in hostile money") || act_ == keccak256("repay in hostile money");
    }

    function _replay(Vm.Log[] memory logs) private {
        // Forge records what a call inside said before it was undone, too: a delivery that fails, a sale's rehearsal, the
        // two legs of a pledged note.
        bool excepted = logs.length != 0 && logs[logs.length - 1].topics[0] == IBankDesk.BankException.selector;
        bool rehearsed;
        bool[] memory undone = _undone(logs);
        for (uint256 i = excepted ? logs.length - 1 : 0; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (rehearsed && topic != IReceivableNotes.NoteMarked.selector) continue;
            rehearsed = topic == IBankSaleDesk.SaleReserved.selector;
            bool known = undone[i] || _isCommon(topic) || _replayOne(logs[i]);
            vm.assertTrue(known, "I-15: an event that the books do not know");
        }
    }

    /// @dev The two legs of a pledged note, of which the second was refused. What they told stands right before the word of
    /// the refusal.
    function _undone(Vm.Log[] memory logs) private view returns (bool[] memory undone) {
        undone = new bool[](logs.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IRepaymentDesk.PaymentRefused.selector) continue;
            for (uint256 j = i; j > 0 && _isOfLegs(logs[j - 1], logs[i].topics[1]); --j) undone[j - 1] = true;
        }
    }

    function _isOfLegs(Vm.Log memory log, bytes32 note) private view returns (bool) {
        if (log.emitter == address(pledges)) return log.topics[1] == note;
        if (log.emitter == address(notes)) {
            return log.topics[0] == IReceivableNotes.NotePledged.selector && log.topics[1] == note;
        }
        if (log.emitter == address(repayment)) {
            return log.topics[0] == IRepaymentDesk.Paid.selector && log.topics[1] == note;
        }
        return log.topics[0] == IERC20.Transfer.selector;
    }

    /// @dev Tokens, wallets and the AccessManager are none of ours.
    function _replayOne(Vm.Log memory log) private returns (bool) {
        address from = log.emitter;
        if (from == address(registry)) return _replayParty(log);
        if (from == address(credit)) return _replayCredit(log);
        if (from == address(notes) || from == address(issuance)) return _replayNotes(log);
        if (from == address(recourse) || from == address(assignments)) return _replayRecourse(log);
        if (from == address(financing) && _replayRecourse(log)) return true;
        if (from == address(orders)) return _replayOrder(log);
        if (from == address(pledges)) return _replayLoan(log);
        if (from == address(financing) || from == address(repayment)) return _replayDesk(log);
        if (from == address(banks)) return _replayBank(log);
        if (from == address(bankSales)) return _replayBankSale(log);
        if (from == address(bankRepayments)) return _replayBankRepayment(log);
        return true;
    }

    /// @dev AuthorityUpdated, of every contract that is administered.
    function _isCommon(bytes32 topic) private pure returns (bool) {
        return topic == keccak256("AuthorityUpdated(address)");
    }

    function _contains(ReceivableId[] memory list, ReceivableId id) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) if (list[i] == id) return true;
        return false;
    }

    // -- choosing

    function _anybody(Dice memory d) internal view returns (Actor memory) {
        return everybody[d.below(everybody.length)];
    }

    /// @dev An account: an administrator's, a settlement account's, nobody's.
    function _anyAccount(Dice memory d) internal view returns (address) {
        if (d.oneIn(8)) return stranger;
        Actor memory a = _anybody(d);
        return d.oneIn(4) ? a.cash : a.account;
    }

    /// @dev Another account of an actor's, where its cash may come to go.
    function _spareOf(Actor memory a) internal pure returns (address) {
        return vm.addr(_spareKeyOf(a));
    }

    function _spareKeyOf(Actor memory a) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("spare", a.key)));
    }

    function _supplier(Dice memory d) internal view returns (Actor memory) {
        uint256 pick = d.below(12);
        if (pick == 0) return core;
        if (pick == 1) return core2;
        return everybody[2 + (pick % 5)];
    }

    function _actor(PartyId id) internal view returns (Actor memory) {
        uint256 index = PartyId.unwrap(id) - 1;
        require(index < everybody.length, "nobody");
        return everybody[index];
    }

    /// @dev A note in one of the statuses (bits); any, now and then one that is not there, when wild or when none is.
    function _note(Dice memory d, uint256 statuses, bool wild) internal view returns (NoteId) {
        uint40 start = uint40(d.below(noteCount_));
        for (uint40 i = 0; !wild && i < noteCount_; ++i) {
            NoteId id = NoteId.wrap(((start + i) % noteCount_) + 1);
            if ((1 << uint256(_statusOf(id))) & statuses != 0) return id;
        }
        return NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
    }

    function _receivable(Dice memory d) internal view returns (ReceivableId) {
        return ReceivableId.wrap(uint40(1 + d.below(receivableCount_)));
    }

    function _bit(IReceivableNotes.NoteStatus status) internal pure returns (uint256) {
        return 1 << uint256(status);
    }

    function _debtsOf(NoteId[] memory ids) internal view returns (ReceivableId[] memory debts) {
        debts = new ReceivableId[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) debts[i] = note_[ids[i]].receivable;
    }

    function _list(ReceivableId id) internal pure returns (ReceivableId[] memory list) {
        list = new ReceivableId[](1);
        list[0] = id;
    }

    function _none() internal pure returns (ReceivableId[] memory) {
        return new ReceivableId[](0);
    }

    /// @dev Money on this chain that is what it says.
    function _isHonest(uint16 currency) internal pure returns (bool) {
        return currency != FEE && currency != RAIL;
    }

    /// @dev Whether balances can be asked for: a currency in banks' books has none here.
    function _isToken(address currency) internal pure returns (bool) {
        return currency != address(0) && currency != RAIL_CNY;
    }

    // -- what follows from the books

    /// @dev Some had nothing in the last round, and are left to come first.
    function _isUnfinished(ReceivableId id) internal view returns (bool) {
        IReceivableNotes.Receivable memory r = receivable_[id];
        return r.flags & ReceivableFlags.ROUND_UNFINISHED != 0 && r.outstanding != tenderedValue_[id];
    }

    /// @dev The status that facts and clock give, reckoned apart from the contract.
    function _statusOf(NoteId id) internal view returns (IReceivableNotes.NoteStatus) {
        IReceivableNotes.Note memory n = note_[id];
        if (PartyId.unwrap(n.holder) == 0) return IReceivableNotes.NoteStatus.None;
        if (n.flags & NoteFlags.REFUSED != 0) return IReceivableNotes.NoteStatus.Refused;
        if (n.flags & NoteFlags.WITHDRAWN != 0) return IReceivableNotes.NoteStatus.Withdrawn;
        if (n.flags & NoteFlags.LAPSED != 0) return IReceivableNotes.NoteStatus.Lapsed;
        if (n.flags & NoteFlags.FROZEN != 0) return IReceivableNotes.NoteStatus.Frozen;
        if (n.value == 0 && n.flags & NoteFlags.REPAID != 0) return IReceivableNotes.NoteStatus.Repaid;
        if (n.value == 0) return IReceivableNotes.NoteStatus.Spent;
        if (n.flags & NoteFlags.RESERVED != 0) return IReceivableNotes.NoteStatus.Reserved;
        if (n.flags & NoteFlags.PLEDGED != 0) return IReceivableNotes.NoteStatus.Pledged;
        if (n.flags & NoteFlags.ACCEPTED != 0) return IReceivableNotes.NoteStatus.Held;
        bool over = _today() > Day.unwrap(n.lapseDay);
        return over ? IReceivableNotes.NoteStatus.Lapsable : IReceivableNotes.NoteStatus.Offered;
    }

    function _receivableStatusOf(ReceivableId id) internal view returns (IReceivableNotes.ReceivableStatus) {
        IReceivableNotes.Receivable memory r = receivable_[id];
        if (PartyId.unwrap(r.debtor) == 0) return IReceivableNotes.ReceivableStatus.None;
        if (r.flags & ReceivableFlags.CANCELLED != 0) return IReceivableNotes.ReceivableStatus.Cancelled;
        if (r.outstanding == 0) return IReceivableNotes.ReceivableStatus.Settled;
        bool overdue = r.flags & ReceivableFlags.OVERDUE != 0;
        return overdue ? IReceivableNotes.ReceivableStatus.Overdue : IReceivableNotes.ReceivableStatus.Outstanding;
    }

    /// @dev Held by its holder, pledged in part or not: it may move, but for what is pledged.
    function _isHeld(NoteId id) internal view returns (bool) {
        IReceivableNotes.NoteStatus status = _statusOf(id);
        return status == IReceivableNotes.NoteStatus.Held || status == IReceivableNotes.NoteStatus.Pledged;
    }

    function _freeOf(NoteId id) internal view returns (uint96) {
        return note_[id].value - pledgedValue_[id];
    }

    /// @dev Who made an offer.
    function _offerorOf(NoteId id) internal view returns (PartyId) {
        IReceivableNotes.Note memory n = note_[id];
        return NoteId.unwrap(n.parent) == 0 ? receivable_[n.receivable].debtor : note_[n.parent].holder;
    }

    /// @dev Whom a payment of the note is due to; nobody for a root that was not accepted.
    function _payeeOf(NoteId id) internal view returns (PartyId) {
        IReceivableNotes.Note memory n = note_[id];
        if (n.value == 0) return PartyId.wrap(0);
        return n.flags & NoteFlags.ACCEPTED != 0 ? n.holder : note_[n.parent].holder;
    }

    /// @dev Interest on late principal, to the day of tender if it was tendered: exact value rounded down.
    function _interestOn(NoteId id, uint256 principal) internal view returns (uint256) {
        return _interestOn(id, principal, _today());
    }

    function _interestOn(NoteId id, uint256 principal, uint16 asOf) internal view returns (uint256) {
        IReceivableNotes.Note memory n = note_[id];
        IReceivableNotes.Receivable memory r = receivable_[n.receivable];
        uint256 end = n.flags & NoteFlags.TENDERED != 0 ? Day.unwrap(tenderDay_[id]) : asOf;
        uint256 late = end > Day.unwrap(r.dueDay) ? end - Day.unwrap(r.dueDay) : 0;
        return (principal * r.overdueRateBps * late) / 3_600_000;
    }

    /// @dev Whether an order keeps the note from its payee: its own, or that on the note it is offered from.
    function _isWithheld(NoteId id) internal view returns (bool) {
        IReceivableNotes.Note memory n = note_[id];
        bool offered = n.flags & NoteFlags.ACCEPTED == 0;
        return (n.flags | (offered ? note_[n.parent].flags : 0)) & NoteFlags.FROZEN != 0;
    }

    /// @dev Whether an account of blockable money is blocked.
    function _isBlocked(address token, address account) internal view returns (bool) {
        return token == currencyToken_[BLOCKABLE] && IBlockable(token).blocked(account);
    }

    // -- the beginning

    /// @dev Contract wallets as debtor and as buyer, hostile money, and plenty of money for everybody.
    function _gatherMore() private {
        everybody.push(core);
        everybody.push(core2);
        everybody.push(tier1);
        everybody.push(tier2);
        everybody.push(tier3);
        everybody.push(tier4);
        everybody.push(tier5);
        everybody.push(financier);
        everybody.push(financier2);
        everybody.push(registrar);
        everybody.push(_admitWallet("wallet core", Roles.CORE_ENTERPRISE | Roles.SUPPLIER));
        everybody.push(_admitWallet("wallet financier", Roles.FINANCIER));
        arbiter = _admit("arbiter", Roles.ARBITER);
        everybody.push(arbiter);
        keyOf[stranger] = uint256(keccak256("stranger"));
        address silent = vm.deployCode("HostileTokens.sol:SilentToken", "");
        address fee = vm.deployCode("HostileTokens.sol:FeeToken", "");
        bytes memory arguments = abi.encode("Blockable", "BLK", uint8(2), authority);
        address blockable = vm.deployCode("BlockableToken.sol:BlockableToken", arguments);
        _assign(blockable, IMoney.mint.selector, TOKEN_ISSUER);
        require(_allow(silent) == SILENT && _allow(fee) == FEE && _allow(blockable) == BLOCKABLE, "currencies");
        _gatherBanks();
        require(rail == RAIL, "the bank rail");
        everybody.push(bank);
        everybody.push(bank2);
        for (uint256 i = 0; i < everybody.length; ++i) {
            Actor memory a = everybody[i];
            (keyOf[a.account], keyOf[a.cash], keyOf[_spareOf(a)]) = (a.key, a.cashKey, _spareKeyOf(a));
            for (uint16 currency = 1; currency <= CURRENCIES; ++currency) _enrich(a, currency);
            vm.prank(creditOfficer);
            credit.setLine(a.id, RAIL_CNY, type(uint96).max / 2);
        }
    }

    function _enrich(Actor memory a, uint16 currency) private {
        address token = notes.currencyToken(currency);
        vm.prank(issuerOfficer);
        IMoney(token).mint(a.cash, PLENTY);
        _approve(a.cash, IMoney(token));
        vm.prank(creditOfficer);
        credit.setLine(a.id, token, type(uint96).max / 2);
    }

    /// @dev A party whose administrator is a contract wallet of a key.
    function _admitWallet(string memory name, uint16 roles) private returns (Actor memory a) {
        a = _admit(name, roles);
        address wallet = vm.deployCode("ContractWallet.sol:ContractWallet", abi.encode(a.account));
        bytes32 digest = registry.addAccountDigest(a.id, wallet, 7, EVIDENCE, block.timestamp);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(a.key, digest);
        vm.prank(a.account);
        registry.addAccount(wallet, 7, EVIDENCE, block.timestamp, abi.encodePacked(r, s, v));
        a.account = wallet;
    }

    // -- where it got

    string[12] private _noteStates = [
        "note None",
        "note Offered",
        "note Lapsable",
        "note Held",
        "note Spent",
        "note Refused",
        "note Withdrawn",
        "note Lapsed",
        "note Repaid",
        "note Reserved",
        "note Pledged",
        "note Frozen"
    ];
    string[5] private _receivableStates = [
        "debt None",
        "debt Cancelled",
        "debt Outstanding",
        "debt Overdue",
        "debt Settled"
    ];

    function _declareStates() private {
        for (uint256 i = 1; i < 10; ++i) _declareState(_noteStates[i]);
        for (uint256 i = 1; i < _receivableStates.length; ++i) _declareState(_receivableStates[i]);
        _declareState(_noteStates[10]);
        _declareState(_noteStates[11]);
        _declareState("note tendered");
        _declareState("offer tendered");
        _declareState("debt in a round");
        _declareState("debt with a round unfinished");
        _declareState("invoice shared");
        _declareState("invoice used up");
        _declareState("invoice over-used");
        _declareState("invoice credited before it was claimed");
    }

    /// @dev Counts the states of an invoice.
    function _surveyInvoice(bytes32 invoice) internal {
        (uint96 amount, uint96 used) = (invoiceAmount_[invoice], invoiceUsed_[invoice]);
        if (claimants_[invoice] > 1) _see("invoice shared");
        if (amount != 0 && used == amount) _see("invoice used up");
        if (_excessOf(invoice) != 0) _see("invoice over-used");
        if (amount == 0) _see("invoice credited before it was claimed");
    }

    /// @dev Counts the states of a debt and its notes.
    function _survey(ReceivableId id) internal {
        _see(_receivableStates[uint256(_receivableStatusOf(id))]);
        uint8 marks = receivable_[id].flags;
        if (marks & ReceivableFlags.ROUND_OPEN != 0) _see("debt in a round");
        if (marks & ReceivableFlags.ROUND_UNFINISHED != 0) _see("debt with a round unfinished");
        NoteId[] storage list = notesOf_[id];
        for (uint256 i = 0; i < list.length; ++i) {
            _see(_noteStates[uint256(_statusOf(list[i]))]);
            uint16 flags = note_[list[i]].flags;
            if (flags & NoteFlags.TENDERED == 0) continue;
            _see(flags & NoteFlags.ACCEPTED != 0 ? "note tendered" : "offer tendered");
        }
    }
}
