"""What acts that need two people, and the keys that they sign with, are refused with, by the rule's name."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.text import Text

APPROVAL_TEXTS: Mapping[str, Text] = {
    "ApprovalAltered": Text(
        "审批内容与签署的摘要不符", "The approval is not what its digest was made of", "{approval}", "{approval}"
    ),
    "ApprovalExpired": Text("审批已过期", "The approval has expired", "截止 {deadline}", "it held until {deadline}"),
    "ApprovalMismatch": Text(
        "所签的交易不是审批的那些", "What was signed is not what was approved", "{approval}", "{approval}"
    ),
    "ApprovalNeeded": Text(
        "此事须由企业两人审批", "This takes two people of the company", "类别 {kind}", "kind {kind}"
    ),
    "ApprovalNotWaiting": Text(
        "审批不在可以这样办理的状态", "The approval does not wait for this", "现为 {found}", "it is {found}"
    ),
    "ApprovalRefused": Text("审批被拒绝", "The approval was refused", "{approval}", "{approval}"),
    "ApprovalSignatureInvalid": Text(
        "签名不是本人已绑定账户对该审批的签名",
        "It is not the signature of one's own linked account over this approval",
        "{account}",
        "{account}",
    ),
    "ApprovalWithdrawn": Text("审批已撤回", "The approval was withdrawn", "{approval}", "{approval}"),
    "ApprovedRowChanged": Text(
        "此行已与所签署的不同",
        "The row is no longer what two people signed",
        "不同之处 {fields}",
        "it differs in {fields}",
    ),
    "CallUnreadable": Text("无法解读的合约调用", "That is no call of these contracts", "{contract}", "{contract}"),
    "CodeRefused": Text("动态验证码不对或已用过", "The one-time code does not fit, or was used before"),
    "KeyFoldersSame": Text(
        "个人签名密钥须有单独的目录", "People's signing keys need a folder of their own", "{folder}", "{folder}"
    ),
    "KeyServiceUnavailable": Text("密钥服务暂不可用", "The key service is out of reach", "{message}", "{message}"),
    "NoSigningKey": Text("尚未建立签名密钥", "There is no signing key of this person"),
    "NothingToApprove": Text("没有须审批的内容", "There is nothing to approve in this"),
    "PersonRoleMissing": Text(
        "缺少所需的角色", "The person's role does not allow this", "须为 {needed}", "needed: {needed}"
    ),
    "SameKey": Text("两人须用不同的密钥签署", "Two people sign with two keys", "{account}", "{account}"),
    "SamePerson": Text("同一人不能既经办又复核", "One person cannot sign twice", "{approval}", "{approval}"),
    "SignatureVoid": Text(
        "已有的签名不再有效",
        "A signature counts no more",
        "{part} {person}:{reason}",
        "{part} {person}: {reason}",
    ),
    "SigningKeyExists": Text("签名密钥已存在", "The person has a signing key already"),
    "UnknownApproval": Text("没有这个审批", "There is no such approval", "{approval}", "{approval}"),
}
