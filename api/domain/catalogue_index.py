"""What stops the indexer, by the rule's name: it would rather stand still than tell what the chain did not say."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.text import Text

INDEX_TEXTS: Mapping[str, Text] = {
    "BlockTooBig": Text(
        "节点无法一次给出该区块的日志",
        "The node cannot give the logs of this block at once",
        "区块 {block}",
        "block {block}",
    ),
    "EventNotHandled": Text(
        "合约有索引程序不认识的事件",
        "A contract has an event that the indexer does not know",
        "{contract}.{event}",
        "{contract}.{event}",
    ),
    "EventNotInAbi": Text(
        "合约缺少索引程序所需的事件",
        "A contract lacks an event that the indexer needs",
        "{contract}.{event}",
        "{contract}.{event}",
    ),
    "LogNotAskedFor": Text(
        "节点给出了未请求的合约的日志",
        "The node gave a log of a contract that was not asked for",
        "{address}，区块 {block}",
        "{address}, block {block}",
    ),
    "NodeBehind": Text(
        "节点落后于查询库，等待其跟上",
        "The node is behind the index; it is waited for",
        "区块 {block}",
        "block {block}",
    ),
    "NodeContradictsItself": Text(
        "节点给出的区块前后不相接",
        "The node's blocks do not continue each other",
        "区块 {block}",
        "block {block}",
    ),
    "NodeIncomplete": Text(
        "节点漏掉了该区块的日志",
        "The node left out logs of a block",
        "区块 {block}",
        "block {block}",
    ),
    "MovedRowsDiffer": Text(
        "迁移后的数据与原数据不一致，未作更改",
        "What arrived is not what was sent; nothing was moved",
        "表 {table}：{sent} 行，到达 {arrived} 行",
        "table {table}: {sent} rows sent, {arrived} arrived",
    ),
    "IndexIncomplete": Text(
        "事件所指的记录不在查询库中，请重建索引",
        "An event is about a row that the index does not have; index anew",
        "{table}：{key}",
        "{table}: {key}",
    ),
    "IndexNotStarted": Text("查询库尚未开始", "The index has not been started"),
    "LogsOutOfOrder": Text(
        "节点给出的日志次序有误",
        "The node's logs are out of order",
        "区块 {block}，日志 {log}",
        "block {block}, log {log}",
    ),
    "MalformedLog": Text("日志的格式与事件不符", "A log does not have the shape of its event", "{topics}", "{topics}"),
    "PayloadDoesNotFit": Text(
        "索引程序的事件字段与合约不符",
        "The indexer's fields of an event are not the contract's",
        "{event}：应为 {expected}",
        "{event}: expected {expected}",
    ),
    "PaymentUnexplained": Text(
        "付款没有对应的兑付",
        "A payment has no repayment that goes with it",
        "凭证 {note}，区块 {block}",
        "note {note}, block {block}",
    ),
    "RepaymentWithoutCash": Text(
        "兑付没有对应的付款",
        "A repayment has no payment that goes with it",
        "凭证 {note}，区块 {block}",
        "note {note}, block {block}",
    ),
    "RewindTooDeep": Text(
        "回退超出保留的区块",
        "The rewind goes below the blocks that are kept",
        "区块 {block}，最低 {floor}",
        "block {block}, lowest {floor}",
    ),
    "UnknownEvent": Text(
        "合约发出了未知的事件",
        "A contract emitted an event that nobody knows",
        "{contract}，区块 {block}：{topics}",
        "{contract}, block {block}: {topics}",
    ),
}
