// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { hevm, svm } from "./Arbitrary.sol";
import { ReceivableNotes } from "../../../contracts/ReceivableNotes.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { NoteStore } from "../../../contracts/notes/NoteStore.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../contracts/types/NoteFlags.sol";
import { NoteWord } from "../../../contracts/types/NoteWord.sol";
import { OwedWord } from "../../../contracts/types/OwedWord.sol";

address constant FORWARDER = address(0xf0);

/// @dev The note ledger with its words laid open. Nothing else is changed.
contract OpenLedger is ReceivableNotes {
    constructor(
        IParticipantRegistry registry_,
        ICreditRegister credit_
    ) ReceivableNotes(address(1), FORWARDER, registry_, credit_) {}

    /// @dev The counters share their slot with what the constructor wrote, which halmos so takes for known.
    function setCounters(uint40 notes_, uint40 receivables, bool paused) external {
        (noteCount, receivableCount, isPaused) = (notes_, receivables, paused);
    }

    function noteWord(NoteId id) external view returns (NoteWord) {
        return _notes[id];
    }

    function owedWord(ReceivableId id) external view returns (OwedWord) {
        return _owed[id];
    }
}

/// @dev Any registry: whoever it says an account acts for. It refuses as it likes.
contract AnyRegistry {
    mapping(address => PartyId) public partyOf;
    mapping(PartyId => address) public settlementAccountOf;
    bool public refuses;

    function actor(address account, uint8, uint16) external view returns (PartyId, address) {
        require(!refuses);
        return (partyOf[account], settlementAccountOf[partyOf[account]]);
    }

    function requireActive(PartyId[] calldata ids, uint16) external view returns (address[] memory accounts) {
        require(!refuses);
        accounts = new address[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) accounts[i] = settlementAccountOf[ids[i]];
    }
}

/// @dev A credit register that keeps what it was told.
contract AnyCredit {
    uint256 public freed;
    uint256 public uncounted;

    function free(PartyId, address, uint96 amount) external {
        freed += amount;
    }

    function requireNotOverdue(PartyId) external view {}

    function countOverdue(PartyId) external {}

    function uncountOverdue(PartyId) external {
        ++uncounted;
    }
}

/// @notice Conservation (I-1), lineage (I-3), holder for life (I-4), authority (I-11) and independence (I-16) of single acts
/// on the note ledger, from any state at all: every slot of its storage, the caller, the parties and the clock are symbolic.
/// Assumed: ids in use are not above the counters, and a debt's outstanding is at least the value of its note in question
/// (I-1 before the act).
/// @dev Bounds, by the arrays that the proofs build: one note an act; a split has one or two portions.
contract LedgerProof {
    /// @dev The bits of a note's holder, parent, receivable and tier.
    uint256 private constant IDENTITY = ((uint256(1) << 120) - 1) << 96;

    OpenLedger private notes;
    AnyRegistry private registry;
    AnyCredit private credit;

    function setUp() public {
        registry = new AnyRegistry();
        credit = new AnyCredit();
        notes = new OpenLedger(IParticipantRegistry(address(registry)), ICreditRegister(address(credit)));
        svm.enableSymbolicStorage(address(registry));
        svm.enableSymbolicStorage(address(notes));
    }

    /// @dev What an act is about: any caller, at any time, about any note; and any other note beside it.
    struct Case {
        address caller;
        PartyId party;
        NoteId id;
        NoteWord word;
        NoteId other;
        NoteWord otherWord;
        OwedWord owed;
        NoteWord parent;
        uint40 count;
    }

    function _any() private returns (Case memory c) {
        hevm.warp(svm.createUint(40, "time"));
        c.caller = svm.createAddress("caller");
        // The forwarder speaks for whoever signed the request: whose account that is, is the forwarder's to check.
        hevm.assume(c.caller != FORWARDER);
        c.party = registry.partyOf(c.caller);
        c.count = uint40(svm.createUint(40, "notes"));
        notes.setCounters(c.count, uint40(svm.createUint(40, "receivables")), svm.createBool("paused"));
        c.id = NoteId.wrap(uint40(svm.createUint(40, "note")));
        c.other = NoteId.wrap(uint40(svm.createUint(40, "other")));
        hevm.assume(c.count < type(uint40).max - 4);
        hevm.assume(NoteId.unwrap(c.id) != 0);
        hevm.assume(NoteId.unwrap(c.id) <= c.count);
        hevm.assume(NoteId.unwrap(c.other) <= c.count);
        hevm.assume(NoteId.unwrap(c.other) != NoteId.unwrap(c.id));
        c.word = notes.noteWord(c.id);
        c.otherWord = notes.noteWord(c.other);
        c.owed = notes.owedWord(c.word.receivable());
        c.parent = notes.noteWord(c.word.parent());
        hevm.assume(NoteId.unwrap(c.word.parent()) < NoteId.unwrap(c.id));
        hevm.assume(c.owed.outstanding() >= c.word.value());
    }

    /// @dev Whether holder, parent, receivable and tier of a note are as they were.
    function _sameIdentity(NoteWord a, NoteWord b) private pure returns (bool) {
        return NoteWord.unwrap(a) & IDENTITY == NoteWord.unwrap(b) & IDENTITY;
    }

    // -- accepting

    function check_accept() external {
        Case memory c = _any();
        hevm.prank(c.caller);
        (bool done, ) = address(notes).call(abi.encodeCall(notes.accept, (_one(c.id))));
        if (!done) return;
        NoteWord after_ = notes.noteWord(c.id);
        assert(c.word.holder() == c.party);
        assert(after_.value() == c.word.value());
        assert(_sameIdentity(after_, c.word));
        assert(NoteWord.unwrap(notes.noteWord(c.other)) == NoteWord.unwrap(c.otherWord));
        assert(OwedWord.unwrap(notes.owedWord(c.word.receivable())) == OwedWord.unwrap(c.owed));
    }

    // -- giving back

    function check_refuse() external {
        Case memory c = _any();
        hevm.prank(c.caller);
        (bool done, ) = address(notes).call(abi.encodeCall(notes.refuse, (_one(c.id))));
        if (!done) return;
        assert(c.word.holder() == c.party);
        _gaveBack(c);
    }

    function check_withdraw() external {
        Case memory c = _any();
        hevm.prank(c.caller);
        (bool done, ) = address(notes).call(abi.encodeCall(notes.withdraw, (_one(c.id))));
        if (!done) return;
        assert((c.word.isRoot() ? c.owed.debtor() : c.parent.holder()) == c.party);
        _gaveBack(c);
    }

    function check_lapse() external {
        Case memory c = _any();
        hevm.prank(c.caller);
        (bool done, ) = address(notes).call(abi.encodeCall(notes.lapse, (_one(c.id))));
        if (!done) return;
        assert(uint16((block.timestamp + 28_800) / 86_400) > Day.unwrap(c.word.lapseDay()));
        _gaveBack(c);
    }

    function _gaveBack(Case memory c) private view {
        NoteWord after_ = notes.noteWord(c.id);
        OwedWord owed = notes.owedWord(c.word.receivable());
        assert(after_.value() == 0);
        assert(_sameIdentity(after_, c.word));
        if (c.word.isRoot()) {
            assert(owed.outstanding() == c.owed.outstanding() - c.word.value());
            assert(credit.freed() == c.word.value());
            assert(NoteWord.unwrap(notes.noteWord(c.other)) == NoteWord.unwrap(c.otherWord));
        } else {
            NoteWord parent = notes.noteWord(c.word.parent());
            assert(uint256(parent.value()) == uint256(c.parent.value()) + c.word.value());
            assert(_sameIdentity(parent, c.parent));
            assert(OwedWord.unwrap(owed) == OwedWord.unwrap(c.owed));
            assert(credit.freed() == 0);
            if (NoteId.unwrap(c.other) != NoteId.unwrap(c.word.parent())) {
                assert(NoteWord.unwrap(notes.noteWord(c.other)) == NoteWord.unwrap(c.otherWord));
            }
        }
    }

    // -- passing on

    function check_split_inOne() external {
        Case memory c = _any();
        IReceivableNotes.Portion[] memory portions = new IReceivableNotes.Portion[](1);
        portions[0] = _anyPortion("a");
        _split(c, portions);
    }

    function check_split_inTwo() external {
        Case memory c = _any();
        IReceivableNotes.Portion[] memory portions = new IReceivableNotes.Portion[](2);
        (portions[0], portions[1]) = (_anyPortion("a"), _anyPortion("b"));
        _split(c, portions);
    }

    function _anyPortion(string memory name) private view returns (IReceivableNotes.Portion memory p) {
        p.to = PartyId.wrap(uint32(svm.createUint(32, name)));
        p.amount = uint96(svm.createUint(96, name));
        p.tradeHash = svm.createBytes32(name);
    }

    /// @dev What must agree is gathered in one word of differences: a question for the solver on each path, not a dozen.
    function _split(Case memory c, IReceivableNotes.Portion[] memory portions) private {
        IReceivableNotes.Split[] memory splits = new IReceivableNotes.Split[](1);
        splits[0] = IReceivableNotes.Split(c.id, portions);
        hevm.prank(c.caller);
        (bool done, ) = address(notes).call(abi.encodeCall(notes.split, (splits)));
        if (!done) return;
        uint256 wrong = PartyId.unwrap(c.word.holder()) ^ PartyId.unwrap(c.party);
        uint256 passed;
        uint256 extinguished;
        uint40 last = c.count;
        for (uint256 i = 0; i < portions.length; ++i) {
            if (portions[i].to == c.owed.debtor()) {
                extinguished += portions[i].amount;
                continue;
            }
            NoteWord child = notes.noteWord(NoteId.wrap(++last));
            wrong |= child.value() ^ portions[i].amount;
            wrong |= PartyId.unwrap(child.holder()) ^ PartyId.unwrap(portions[i].to);
            wrong |= NoteId.unwrap(child.parent()) ^ NoteId.unwrap(c.id);
            wrong |= ReceivableId.unwrap(child.receivable()) ^ ReceivableId.unwrap(c.word.receivable());
            wrong |= child.tier() ^ (uint256(c.word.tier()) + 1);
            passed += child.value();
        }
        NoteWord after_ = notes.noteWord(c.id);
        wrong |= notes.noteCount() ^ last;
        wrong |= (NoteWord.unwrap(after_) ^ NoteWord.unwrap(c.word)) & IDENTITY;
        wrong |= (uint256(after_.value()) + passed + extinguished) ^ c.word.value();
        OwedWord owed = notes.owedWord(c.word.receivable());
        wrong |= (uint256(owed.outstanding()) + extinguished) ^ c.owed.outstanding();
        wrong |= credit.freed() ^ extinguished;
        wrong |= NoteWord.unwrap(notes.noteWord(c.other)) ^ NoteWord.unwrap(c.otherWord);
        assert(wrong == 0);
    }

    // -- selling

    function check_assign() external {
        Case memory c = _any();
        PartyId seller = PartyId.wrap(uint32(svm.createUint(32, "seller")));
        PartyId buyer = PartyId.wrap(uint32(svm.createUint(32, "buyer")));
        uint96 amount = uint96(svm.createUint(96, "amount"));
        bytes32 registryReference = svm.createBytes32("reference");
        bool desk = notes.isDesk(c.caller);
        hevm.prank(c.caller);
        (bool done, ) = address(notes).call(
            abi.encodeCall(notes.assign, (c.id, seller, buyer, address(2), amount, registryReference))
        );
        if (!done) return;
        assert(desk && c.word.holder() == seller);
        _delivered(c, buyer, amount);
    }

    function check_convey() external {
        Case memory c = _any();
        PartyId to = PartyId.wrap(uint32(svm.createUint(32, "to")));
        uint96 amount = uint96(svm.createUint(96, "amount"));
        uint16 flag = uint16(svm.createUint(16, "flag"));
        bool desk = notes.isDesk(c.caller);
        hevm.prank(c.caller);
        (bool done, ) = address(notes).call(abi.encodeCall(notes.convey, (c.id, to, address(2), amount, flag)));
        if (!done) return;
        assert(desk);
        _delivered(c, to, amount);
    }

    function _delivered(Case memory c, PartyId to, uint96 amount) private view {
        NoteWord after_ = notes.noteWord(c.id);
        OwedWord owed = notes.owedWord(c.word.receivable());
        assert(uint256(after_.value()) + amount == c.word.value());
        assert(_sameIdentity(after_, c.word));
        assert(NoteWord.unwrap(notes.noteWord(c.other)) == NoteWord.unwrap(c.otherWord));
        if (to == c.owed.debtor()) {
            assert(notes.noteCount() == c.count);
            assert(uint256(owed.outstanding()) + amount == c.owed.outstanding());
            assert(credit.freed() == amount);
        } else {
            NoteWord child = notes.noteWord(NoteId.wrap(c.count + 1));
            assert(notes.noteCount() == c.count + 1);
            assert(child.value() == amount && child.holder() == to);
            assert(child.receivable() == c.word.receivable() && child.tier() == c.word.tier());
            assert(NoteId.unwrap(child.parent()) == NoteId.unwrap(c.id));
            assert(OwedWord.unwrap(owed) == OwedWord.unwrap(c.owed));
            assert(credit.freed() == 0);
        }
    }

    // -- paying

    function check_settle() external {
        Case memory c = _any();
        uint96[] memory parts = new uint96[](1);
        parts[0] = uint96(svm.createUint(96, "part"));
        uint8 round = uint8(svm.createUint(8, "round"));
        Day asOf = Day.wrap(uint16(svm.createUint(16, "asOf")));
        bool desk = notes.isDesk(c.caller);
        hevm.prank(c.caller);
        (bool done, bytes memory result) = address(notes).call(
            abi.encodeCall(notes.settle, (_one(c.id), parts, round, asOf))
        );
        if (!done) return;
        assert(desk);
        (, IReceivableNotes.Due[] memory dues) = abi.decode(result, (address, IReceivableNotes.Due[]));
        NoteWord after_ = notes.noteWord(c.id);
        OwedWord owed = notes.owedWord(c.word.receivable());
        // What an order withholds is due and is not taken.
        uint256 taken = dues[0].flags & NoteFlags.FROZEN != 0 ? 0 : dues[0].principal;
        assert(uint256(after_.value()) + taken == c.word.value());
        assert(uint256(owed.outstanding()) + taken == c.owed.outstanding());
        assert(credit.freed() == taken);
        assert(_sameIdentity(after_, c.word));
        bool accepted = c.word.flags() & 1 != 0;
        assert(dues[0].payee == (accepted ? c.word.holder() : c.parent.holder()));
        assert(accepted || !c.word.isRoot());
        assert(NoteWord.unwrap(notes.noteWord(c.other)) == NoteWord.unwrap(c.otherWord));
    }

    function _one(NoteId id) private pure returns (NoteId[] memory list) {
        list = new NoteId[](1);
        list[0] = id;
    }
}
