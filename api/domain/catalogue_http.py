"""What the HTTP layer itself refuses with, by the rule's name."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.text import Text

HTTP_TEXTS: Mapping[str, Text] = {
    "ActNotSignable": Text(
        "这个操作不能在外部签名",
        "This act cannot be signed outside",
        "{contract}.{function}",
        "{contract}.{function}",
    ),
    "ActNotRelayable": Text(
        "这个操作不能代发,请由账户自己发送交易",
        "This act cannot be relayed: the account sends it itself",
        "{contract}.{function}",
        "{contract}.{function}",
    ),
    "BodyTooDeep": Text(
        "请求内容嵌套过深", "The request is nested too deeply", "上限 {limit} 层", "limit {limit} levels"
    ),
    "BodyTooLarge": Text("请求内容过大", "The request is too large", "上限 {limit} 字节", "limit {limit} bytes"),
    "CrossOriginRefused": Text(
        "不接受其他网站发来的写操作",
        "Writes from other web sites are refused",
        "来源 {origin}",
        "origin {origin}",
    ),
    "DatabaseUnreachable": Text("数据库无法访问", "The database cannot be reached", "{message}", "{message}"),
    "HostNotAllowed": Text(
        "服务器持有密钥时只接受本机地址的请求",
        "With keys on the server, requests are taken under a local address only",
        "Host 为 {host}",
        "Host is {host}",
    ),
    "IdempotencyKeyInvalid": Text(
        "幂等键格式有误",
        "The idempotency key is malformed",
        "应为 8 至 128 个字母、数字或 . _ : -",
        "want 8 to 128 letters, digits or . _ : -",
    ),
    "IdentityInvalid": Text(
        "身份标识格式有误,应为 vat:…、id:机构:… 或 name:…",
        "The identity is malformed; want vat:…, id:SCHEME:… or name:…",
        "{field}:{value}",
        "{field}: {value}",
    ),
    "ImportOptionInvalid": Text(
        "导入选项有误", "An import option is not valid", "{field}:{message}", "{field}: {message}"
    ),
    "InternalError": Text(
        "服务器内部错误", "Something failed inside the server", "请求编号 {request_id}", "request {request_id}"
    ),
    "MediaTypeNotSupported": Text(
        "请求内容类型不受支持", "The request's content type is not supported", "应为 {expected}", "want {expected}"
    ),
    "MethodNotAllowed": Text(
        "此地址不支持该方法", "The address does not take this method", "允许 {allowed}", "allowed: {allowed}"
    ),
    "NoRegistrar": Text("没有可以出具核验签名的登记方", "No registrar's key is at hand to attest"),
    "NotPermitted": Text(
        "当前身份无权进行此操作", "Your role does not allow this", "需要 {needed}", "it needs: {needed}"
    ),
    "NotYourParty": Text(
        "只能以本企业名义操作",
        "You can act for your own company only",
        "请求的参与方 {party},您所属的参与方 {yours}",
        "asked for party {party}, yours is {yours}",
    ),
    "NotReady": Text("服务尚未就绪", "The service is not ready", "缺少 {missing}", "missing: {missing}"),
    "PageNotBuilt": Text("页面尚未构建,请先执行 make setup", "The page is not built; next: make setup"),
    "RequestInvalid": Text("请求内容有误", "The request is not valid"),
    "TooManyRequests": Text(
        "请求过于频繁",
        "Too many requests",
        "每分钟上限 {limit} 次,请在 {wait_s} 秒后重试",
        "{limit} a minute; try again in {wait_s} s",
    ),
    "TooManyWebhooks": Text(
        "该参与方的回调地址已达上限", "The party has as many webhooks as it may", "上限 {most} 个", "at most {most}"
    ),
    "UnknownWebhook": Text("没有这个回调地址", "There is no such webhook", "{webhook}", "{webhook}"),
    "WebhookAddressRefused": Text(
        "不能向这个地址发送回调,应为公网 https 地址",
        "Nothing is sent to this address; want https at a public address",
        "{url}({reason})",
        "{url} ({reason})",
    ),
    "UnknownPath": Text("没有这个地址", "There is nothing at this address", "{path}", "{path}"),
}
