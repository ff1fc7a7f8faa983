// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev An admitted legal person. 0 is nobody.
type PartyId is uint32;

/// @dev One confirmed debt. 0 is none.
type ReceivableId is uint40;

/// @dev A part of a receivable, held by one party for ever. 0 is none: the parent of a root, the far end of a payment.
type NoteId is uint40;

/// @dev A recorded reassignment by order. 0 is none.
type OrderId is uint40;

/// @dev A business day: whole days since 1970-01-01 in the business zone (see {BusinessDay}). Ends at 24:00 there.
type Day is uint16;

using { partyEq as ==, partyNeq as != } for PartyId global;
using { receivableEq as ==, receivableNeq as != } for ReceivableId global;
using { noteEq as ==, noteNeq as != } for NoteId global;
using { dayEq as ==, dayLt as <, dayLte as <=, dayGt as >, dayGte as >= } for Day global;

function partyEq(PartyId a, PartyId b) pure returns (bool) {
    return PartyId.unwrap(a) == PartyId.unwrap(b);
}

function partyNeq(PartyId a, PartyId b) pure returns (bool) {
    return PartyId.unwrap(a) != PartyId.unwrap(b);
}

function receivableEq(ReceivableId a, ReceivableId b) pure returns (bool) {
    return ReceivableId.unwrap(a) == ReceivableId.unwrap(b);
}

function receivableNeq(ReceivableId a, ReceivableId b) pure returns (bool) {
    return ReceivableId.unwrap(a) != ReceivableId.unwrap(b);
}

function noteEq(NoteId a, NoteId b) pure returns (bool) {
    return NoteId.unwrap(a) == NoteId.unwrap(b);
}

function noteNeq(NoteId a, NoteId b) pure returns (bool) {
    return NoteId.unwrap(a) != NoteId.unwrap(b);
}

function dayEq(Day a, Day b) pure returns (bool) {
    return Day.unwrap(a) == Day.unwrap(b);
}

function dayLt(Day a, Day b) pure returns (bool) {
    return Day.unwrap(a) < Day.unwrap(b);
}

function dayLte(Day a, Day b) pure returns (bool) {
    return Day.unwrap(a) <= Day.unwrap(b);
}

function dayGt(Day a, Day b) pure returns (bool) {
    return Day.unwrap(a) > Day.unwrap(b);
}

function dayGte(Day a, Day b) pure returns (bool) {
    return Day.unwrap(a) >= Day.unwrap(b);
}
