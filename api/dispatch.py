"""From an address to its endpoint, worked out once when the app is made.

The framework asks every route of every router in turn, twice, and then walks the declarations of the endpoint's arguments,
for each request anew: for a read that takes microseconds that is most of the time. What routes declare stays where it is
and means the same; here it is only looked up. Endpoints whose arguments this puts together itself are answered before the
framework's layers (errors, exit stacks, its own telemetry), of which they need the handlers of exceptions alone. What this
does not know (forms, other methods, unknown addresses) goes the framework's way.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.convertors import StringConvertor
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

_Answer = Callable[[Request], Awaitable[Response]]
_Handlers = Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]]


@dataclass(frozen=True, slots=True)
class _Step:
    """A dependency, or at the end the endpoint: what to call, and where each of its arguments comes from."""

    call: Callable[..., Awaitable[Any]]
    request: str | None
    earlier: tuple[tuple[str, int], ...]
    """Names of arguments, and the steps whose results they take."""


@dataclass(frozen=True, slots=True)
class _Way:
    """To one route: the addresses that name it, what a request's scope is to say of it, and what answers."""

    path: re.Pattern[str]
    endpoint: Callable[..., Any]
    route: BaseRoute
    app: ASGIApp | None
    """None: it goes on from here as it would without the look-up."""


def install(app: FastAPI) -> None:
    """Puts the look-up before the app's layers, and again before its router, for routes whose arguments the framework puts
    together. All routes, layers and handlers of exceptions are declared by now."""
    routes = _routes(app)
    plain = {id(route): route.app if _is_plain(route) else None for route in routes}
    app.router.middleware_stack = Dispatch(((r, plain[id(r)]) for r in routes), app.router.middleware_stack)
    handlers: Any = app.exception_handlers
    straight = ((r, _straight(r, handlers)) for r in routes)
    app.middleware_stack = Dispatch(straight, app.build_middleware_stack())


class Dispatch:
    """ASGI: takes a request to the route that its address and method name."""

    def __init__(self, routes: Iterable[tuple[RouteContext, ASGIApp | None]], otherwise: ASGIApp) -> None:
        """Each with what answers it."""
        self._otherwise = otherwise
        self._ways: dict[tuple[str, str], list[_Way]] = defaultdict(list)
        """By method and the first part of the path, in the order of the routes."""
        for route, app in routes:
            assert route.endpoint is not None
            way = _Way(route.path_regex, route.endpoint, route.original_route, app)
            for method in route.methods or ():
                self._ways[method, _head(str(route.path))].append(way)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            path: str = scope["path"]
            for way in self._ways.get((scope["method"], _head(path)), ()):
                if found := way.path.match(path):
                    if way.app is None:
                        break
                    scope["path_params"] = found.groupdict()
                    scope["endpoint"] = way.endpoint
                    scope["route"] = way.route
                    await way.app(scope, receive, send)
                    return
        await self._otherwise(scope, receive, send)


def _head(path: str) -> str:
    return path[1:].partition("/")[0]


def _routes(app: FastAPI) -> list[RouteContext]:
    """In the order in which they were declared. Those after one that takes any first part, or is an app of its own, go the
    framework's way."""
    found: list[RouteContext] = []
    for route in iter_route_contexts(app.routes):
        if route.methods is None or "{" in _head(str(route.path)):
            break
        found.append(route)
    return found


def _straight(route: RouteContext, handlers: _Handlers) -> ASGIApp | None:
    steps = _steps(route)
    return None if steps is None else _asgi(_answering(route, steps), handlers)


def _is_plain(route: RouteContext) -> bool:
    """Whether all that the framework's router does for it is done here: it takes the parts of its address as they stand,
    and no form, whose limits the router hands on."""
    if not isinstance(route.original_route, APIRoute):
        return False
    is_form = route.body_field is not None and isinstance(route.body_field.field_info, Form)
    return not is_form and all(type(one) is StringConvertor for one in route.param_convertors.values())


def _asgi(answer: _Answer, handlers: _Handlers) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            response = await answer(request)
        except Exception as error:
            handle = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
            if handle is None:
                raise
            response = await handle(request, error)
        await response(scope, receive, send)

    return app


def _steps(route: RouteContext) -> Sequence[_Step] | None:
    """The route's dependencies, each once, in the framework's order, and its endpoint; None where any of them takes more
    than the request, the path and one another's results, or is not a coroutine function."""
    endpoint = route.endpoint
    if (
        endpoint is None
        or not _is_plain(route)
        or not issubclass(get_type_hints(endpoint).get("return", object), Response)
    ):
        return None
    dependant: Dependant = route.dependant
    steps: list[_Step] = []
    known: dict[Any, int] = {}

    def place(one: Dependant) -> int | None:
        if one.call in known and one.use_cache:
            return known[one.call]
        if not _takes_little(one) or (one.path_params and one is not dependant):
            return None
        earlier: list[tuple[str, int]] = []
        for needed in one.dependencies:
            if (at := place(needed)) is None:
                return None
            if needed.name is not None:
                earlier.append((needed.name, at))
        assert one.call is not None
        steps.append(_Step(one.call, one.request_param_name, tuple(earlier)))
        return known.setdefault(one.call, len(steps) - 1)

    return None if place(dependant) is None else steps


def _takes_little(one: Dependant) -> bool:
    more = (one.query_params, one.header_params, one.cookie_params, one.body_params, one.own_oauth_scopes)
    named = (
        one.websocket_param_name,
        one.http_connection_param_name,
        one.response_param_name,
        one.background_tasks_param_name,
        one.security_scopes_param_name,
    )
    return inspect.iscoroutinefunction(one.call) and one.concurrency is None and not any((*more, *named))


def _answering(route: RouteContext, steps: Sequence[_Step]) -> _Answer:
    *needed, last = steps
    fields = [(field.name, field.alias, field.validate) for field in route.dependant.path_params]

    async def answer(request: Request) -> Response:
        given: list[Any] = []
        for step in needed:
            given.append(await step.call(**_arguments(step, given, request)))
        arguments, errors = _arguments(last, given, request), []
        path: Mapping[str, str] = request.path_params
        for name, alias, validate in fields:
            arguments[name], wrong = validate(path[alias], arguments, loc=("path", alias))
            errors += wrong
        if errors:
            raise RequestValidationError(errors)
        response: Response = await last.call(**arguments)
        return response

    return answer


def _arguments(step: _Step, given: Sequence[Any], request: Request) -> dict[str, Any]:
    arguments = {name: given[at] for name, at in step.earlier}
    if step.request is not None:
        arguments[step.request] = request
    return arguments
