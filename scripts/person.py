"""`scf person`: the operator brings in people, each company's first administrator above all, and lets in who lost the way.

The set-up token that is printed goes to the person by another way than the API: whoever has it becomes that person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated

import typer

from api.bootstrap import Services
from api.domain.calendar import instant
from api.domain.errors import NotFound
from api.domain.people import Person
from api.domain.principal import LOCAL, PersonRole, Principal
from api.services.people import Invited
from scripts.command import JsonFlag, emit, run, tabulate

app = typer.Typer(help="People of companies. 企业人员。", no_args_is_help=True)

OfParty = Annotated[
    int, typer.Option("--party", help="Whose people; 0: the network operator's. 参与方编号,0 为运营方。")
]
Email = Annotated[str, typer.Argument(help="The name to sign in by. 登录邮箱。")]


@app.command()
def add(
    email: Email,
    party: OfParty,
    name: Annotated[str, typer.Option("--name", help="As others see it. 姓名。")],
    role: Annotated[list[PersonRole], typer.Option("--role", help="May be given several times. 角色,可多次给出。")],
    json_: JsonFlag = False,
) -> None:
    """Invite a person; prints a set-up token, once. 邀请人员并输出一次性邀请码。"""

    async def invite(services: Services) -> Invited:
        if party:
            await services.ledger.party(party)
        return await services.identity.staff.invite(_operator(party), email, name, frozenset(role))

    _tell(run(invite), json_)


@app.command("list")
def list_(party: OfParty, json_: JsonFlag = False) -> None:
    """Everybody of a company. 列出企业人员。"""
    people = run(lambda services: services.identity.staff.listing(_operator(party)))
    headings = ("email", "name", "roles", "active", "enrolled")
    rows = [(p.email, p.name, ",".join(sorted(p.roles)), p.active, p.enrolled) for p in people]
    emit([dict(zip(headings, row, strict=True)) for row in rows], json_, lambda: tabulate(headings, rows))


@app.command()
def reset(email: Email, party: OfParty, json_: JsonFlag = False) -> None:
    """Forget all that a person signs in with, and print a new set-up token. 重置登录方式并输出新的邀请码。"""

    async def renew(services: Services) -> Invited:
        person = await _named(services, party, email)
        return await services.identity.staff.reset(_operator(party), person.id)

    _tell(run(renew), json_)


@app.command()
def disable(email: Email, party: OfParty) -> None:
    """Shut a person out; sessions end at once. 停用人员。"""
    run(_setting(email, party, active=False))


@app.command()
def enable(email: Email, party: OfParty) -> None:
    """Let a disabled person in again. 恢复人员。"""
    run(_setting(email, party, active=True))


def _operator(party: int) -> Principal:
    """Whoever runs commands on this machine, on behalf of a company."""
    return replace(LOCAL, party=party)


async def _named(services: Services, party: int, email: str) -> Person:
    people = await services.identity.staff.listing(_operator(party))
    found = next((p for p in people if p.email == email.strip().casefold()), None)
    if found is None:
        raise NotFound("UnknownPerson", person=email)
    return found


def _setting(email: str, party: int, *, active: bool) -> Callable[[Services], Awaitable[Person]]:
    async def change(services: Services) -> Person:
        person = await _named(services, party, email)
        return await services.identity.staff.set_active(_operator(party), person.id, active)

    return change


def _tell(invited: Invited, json_: bool) -> None:
    data = {
        "person": invited.person.id,
        "set_up_token": invited.token.text,
        "expires_at": instant(invited.expires_at),
    }
    emit(data, json_, lambda: "\n".join(f"{name}\t{value}" for name, value in data.items()))
