"""Dossiers: why one cannot be written, what in one does not hold, and the words for one that does."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.text import Text

DOSSIER_TEXTS: Mapping[str, Text] = {
    # -- writing
    "NodeDisagrees": Text(
        "节点给出的数据与其区块头不符",
        "What the node tells does not hash to its own headers",
        "{what}",
        "{what}",
    ),
    "DossierIncomplete": Text(
        "查询库与节点的数据合不成一份成立的卷宗，请稍后再试",
        "What index and node tell makes no dossier that holds; try again later",
        "{evidence}",
        "{evidence}",
    ),
    "ProofsNotOffered": Text(
        "节点不提供状态证明（eth_getProof）",
        "The node offers no proofs of state (eth_getProof)",
        "{message}",
        "{message}",
    ),
    "StatePruned": Text(
        "节点已裁剪该区块的状态，请改用归档节点或较新的区块",
        "The node has pruned this block's state: ask an archive node, or take a later block",
        "区块 {block}（{message}）",
        "block {block} ({message})",
    ),
    # -- reading
    "DossierUnreadable": Text("卷宗文件无法读取", "The dossier cannot be read", "{message}", "{message}"),
    "DossierMalformed": Text("卷宗格式有误", "The dossier is malformed", "{field}：{message}", "{field}: {message}"),
    "TrustUnreadable": Text(
        "可信区块既非哈希，也非存有哈希的文件",
        "A trusted block is neither a hash nor a file of hashes",
        "{value}",
        "{value}",
    ),
    "TrustMissing": Text(
        "未给出可信区块：请用 --trust 给出区块哈希，或用 --rpc 指定您信任的节点",
        "No trusted block is given: give block hashes with --trust, or a node that you trust with --rpc",
    ),
    # -- blocks
    "DossierHeaderInvalid": Text(
        "区块头无法读取", "A block header cannot be read", "第 {position} 项", "item {position}"
    ),
    "DossierBlockMissing": Text("缺少区块头", "A block's header is missing", "区块 {block}", "block {block}"),
    "DossierBlockSuperfluous": Text(
        "含有不相干的区块头", "There is a header that nothing needs", "区块 {block}", "block {block}"
    ),
    "DossierBlockNotTrusted": Text(
        "区块不在可信之列",
        "A block is neither trusted nor the parent of one that is",
        "区块 {block}，哈希 {hash}",
        "block {block}, hash {hash}",
    ),
    # -- transactions and events
    "DossierTransactionNotProven": Text(
        "交易未被其区块证明",
        "A transaction is not proven by its block",
        "区块 {block}，序号 {index}",
        "block {block}, index {index}",
    ),
    "DossierReceiptNotProven": Text(
        "交易回执未被其区块证明",
        "A receipt is not proven by its block",
        "区块 {block}，序号 {index}",
        "block {block}, index {index}",
    ),
    "DossierTransactionUnreadable": Text(
        "交易无法读取", "A transaction cannot be read", "区块 {block}，序号 {index}", "block {block}, index {index}"
    ),
    "DossierReceiptUnreadable": Text(
        "交易回执中的事件无法读取",
        "The events of a receipt cannot be read",
        "区块 {block}，序号 {index}",
        "block {block}, index {index}",
    ),
    "DossierOfOtherChain": Text(
        "交易属于另一条链",
        "A transaction is of another chain",
        "{transaction}：链 {found}，卷宗为 {chain}",
        "{transaction}: chain {found}, the dossier says {chain}",
    ),
    "DossierTransactionSuperfluous": Text(
        "含有与该凭证无关的交易",
        "There is a transaction that is not of the story",
        "区块 {block}，序号 {index}",
        "block {block}, index {index}",
    ),
    # -- the story
    "DossierStoryBeginsNowhere": Text(
        "缺少凭证的签发记录", "The story does not tell how a note came into being", "凭证 {note}", "note {note}"
    ),
    "DossierEventImpossible": Text(
        "按协议规则，此事件不可能发生",
        "By the rules of the protocol this event cannot have happened then",
        "{event}，区块 {block}，交易 {transaction}",
        "{event}, block {block}, transaction {transaction}",
    ),
    "DossierAccountNotProven": Text(
        "合约账户未被状态根证明",
        "A contract is not proven by the state root",
        "{contract}，{address}",
        "{contract}, {address}",
    ),
    "DossierWordNotProven": Text(
        "合约存储未被状态根证明",
        "A word of storage is not proven by the state root",
        "{contract}.{what}",
        "{contract}.{what}",
    ),
    "DossierStateDiffers": Text(
        "事件推演的结果与链上状态不符：有遗漏或出入",
        "What the events come to is not what the chain holds: something is left out or wrong",
        "{contract}.{what} 的 {field}：推演为 {told}，链上为 {stored}",
        "{field} of {contract}.{what}: told {told}, stored {stored}",
    ),
    "DossierQuoteMissing": Text(
        "交易中没有与成交一致的报价",
        "The transaction holds no quote with the deal's terms",
        "凭证 {note}，交易 {transaction}",
        "note {note}, transaction {transaction}",
    ),
    "DossierApprovalInvalid": Text(
        "审批内容无法签署", "An approval is not what can be signed", "{approval}", "{approval}"
    ),
    "DossierApprovalNotSigned": Text(
        "审批签名不成立", "An approval is not signed as it says", "{approval}：{part}", "{approval}: {part}"
    ),
    "DossierApprovalRowsDiffer": Text(
        "审批所签的行与所附的行不符",
        "The rows of an approval are not the ones that were signed",
        "{approval}",
        "{approval}",
    ),
    "DossierApprovalOfNothing": Text(
        "审批与卷宗中的交易无关", "An approval is of no transaction in the dossier", "{approval}", "{approval}"
    ),
    "DossierStoryDiffers": Text(
        "卷宗所述与证明不符", "What the dossier tells is not what it proves", "{field}", "{field}"
    ),
    "DossierNodeSuperfluous": Text(
        "含有不被任何证明所需的数据", "There is a node that no proof needs", "哈希 {node}", "hash {node}"
    ),
    "DossierOfOtherContracts": Text(
        "卷宗的合约不是所信任的合约",
        "The dossier is of another contract than the one that is trusted",
        "{contract}：卷宗为 {address}，可信为 {trusted}",
        "{contract}: the dossier says {address}, trusted is {trusted}",
    ),
}

VERDICT: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "holds": "卷宗成立",
        "note": "凭证",
        "chain": "链",
        "block": "截至区块",
        "trusted": "依据的可信区块",
        "contract": "凭证合约",
        "blocks": "区块头",
        "transactions": "交易与回执",
        "events": "事件",
        "words": "链上状态字",
        "quotes": "报价（其中由密钥签署）",
        "approvals": "双人审批",
        "documents": "文件哈希",
        "status": "状态",
    },
    "en": {
        "holds": "the dossier holds",
        "note": "note",
        "chain": "chain",
        "block": "as of block",
        "trusted": "rests on trusted blocks",
        "contract": "note contract",
        "blocks": "headers",
        "transactions": "transactions, with receipts",
        "events": "events",
        "words": "words of state",
        "quotes": "quotes (signed by keys)",
        "approvals": "approvals by two people",
        "documents": "hashes of documents",
        "status": "status",
    },
}
"""The lines of a verdict."""
