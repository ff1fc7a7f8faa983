"""What the product itself refuses with, by the rule's name."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.text import Text

PRODUCT_TEXTS: Mapping[str, Text] = {
    "AliasFileInvalid": Text("别名文件无法读取", "The alias file cannot be read", "{path}", "{path}"),
    "AlreadyRunning": Text(
        "该数据目录已有程序在运行", "This data folder is in use by a running network", "{home}", "{home}"
    ),
    "ArgumentsDoNotFit": Text(
        "参数与合约功能不符",
        "The arguments do not fit the contract's function",
        "应为 {expected}:{message}",
        "expected {expected}: {message}",
    ),
    "ArtifactMissing": Text(
        "合约尚未编译,请先执行 make setup",
        "The contracts are not compiled; next: make setup",
        "{contract}(目录 {folder})",
        "{contract} (folder {folder})",
    ),
    "FolderUnusable": Text("文件夹不可用", "The folder cannot be used", "{folder}：{message}", "{folder}: {message}"),
    "ChainDidNotStart": Text("本地链未能启动", "The local chain did not start", "日志 {log}", "log: {log}"),
    "ChainProgramMissing": Text(
        "缺少本地链程序,请先执行 make setup",
        "The local chain's program is missing; next: make setup",
        "{program}:{file}",
        "{program}: {file}",
    ),
    "ChainRefuses": Text("链节点拒绝了请求", "The chain's node refused", "{message}", "{message}"),
    "ChainUnreachable": Text(
        "连不上链节点", "The chain's node cannot be reached", "{url}:{message}", "{url}: {message}"
    ),
    "ChainMoving": Text("核对期间链一直在出块,请稍后再试", "The chain moved on during the check; try again"),
    "CreditCodeInvalid": Text(
        "统一社会信用代码有误", "The credit code is not valid", "{field}:{value}", "{field}: {value}"
    ),
    "CurrencyNotAllowed": Text("该币种没有存款代币", "The currency has no deposit token", "{currency}", "{currency}"),
    "CurrencyWithoutToken": Text(
        "该币种没有存款代币,不能确权",
        "The currency has no deposit token, so it cannot be confirmed",
        "{currency}",
        "{currency}",
    ),
    "CursorInvalid": Text("分页位置无效", "The page cursor is not valid", "{cursor}", "{cursor}"),
    "DatabaseNewer": Text(
        "数据库版本比程序新",
        "The database is newer than the program",
        "数据库 {revision},程序 {known}",
        "database {revision}, program {known}",
    ),
    "DatabaseNotEmpty": Text(
        "目标数据库不为空",
        "The target database is not empty",
        "表 {table}",
        "table {table}",
    ),
    "DatabaseNotSupported": Text("不支持该数据库", "The database is not supported", "{url}", "{url}"),
    "DatabaseUnavailable": Text("数据库暂时不可用", "The database is not available for now", "{message}", "{message}"),
    "DelayMissing": Text(
        "公开链上的管理操作必须有延时",
        "On a public chain administrative acts must have a delay",
        "链 {chain_id}",
        "chain {chain_id}",
    ),
    "DemoKeysOnPublicChain": Text(
        "演示密钥只能用于本地链", "Demo keys work on local chains only", "链 {chain_id}", "chain {chain_id}"
    ),
    "DeploymentFileInvalid": Text("部署记录无法读取", "The deployment record cannot be read", "{file}", "{file}"),
    "DeploymentInterfered": Text(
        "部署账户同时被他人使用,部署中断",
        "The deploying account was used by somebody else meanwhile",
        "{message}(记录 {file})",
        "{message} (record {file})",
    ),
    "DeploymentOfOtherChain": Text(
        "部署记录属于另一条链",
        "The deployment record is of another chain",
        "记录 {chain_id},现为 {found}",
        "recorded {chain_id}, found {found}",
    ),
    "DeploymentOutdated": Text(
        "部署的合约与现有编译结果不同",
        "The deployed contracts are not those compiled now",
        "记录 {abi_hash},现为 {found}",
        "recorded {abi_hash}, found {found}",
    ),
    "DocumentDamaged": Text("原始文件与其哈希不符", "The stored original no longer matches its hash", "{key}", "{key}"),
    "DocumentKeyMalformed": Text("文件哈希格式有误", "The document's key is malformed", "{key}", "{key}"),
    "DocumentMissing": Text("没有这份原始文件", "There is no such stored original", "{key}", "{key}"),
    "DueDateMissing": Text(
        "缺少到期日,不能确权", "The due date is missing, so it cannot be confirmed", "发票 {number}", "invoice {number}"
    ),
    "FileMissing": Text("找不到文件", "The file is missing", "{field}:{file}", "{field}: {file}"),
    "HexInvalid": Text("不是有效的 0x 十六进制值", "The value is not 0x-hex", "{value}", "{value}"),
    "IdempotencyKeyReused": Text(
        "同一幂等键用于不同请求", "The idempotency key came with another request", "{key}", "{key}"
    ),
    "IdentityTaken": Text(
        "该身份标识已属于其他参与方", "An identity belongs to another party already", "{parties}", "{parties}"
    ),
    "IndexBehind": Text("查询库尚未跟上", "The read model is behind", "区块 {block}", "block {block}"),
    "IndexDepthTooSmall": Text("索引可回退的深度过小", "The index could not be rewound as deep as asked"),
    "IndexMissing": Text("查询库尚未建立", "The read model is not there yet", "{file}", "{file}"),
    "IndexOfOtherChain": Text(
        "查询库属于另一条链",
        "The read model is of another chain",
        "记录 {chain_id},现为 {found}",
        "recorded {chain_id}, found {found}",
    ),
    "IndexOfOtherDeployment": Text(
        "查询库属于另一次部署",
        "The read model is of another deployment",
        "链 {chain_id},起始区块 {first_block}",
        "chain {chain_id}, first block {first_block}",
    ),
    "IndexerAlreadyRunning": Text("已有索引程序在运行", "An indexer is running already", "{file}", "{file}"),
    "ItemOfOtherBuyer": Text(
        "该发票属于其他债务人",
        "The item is another debtor's",
        "发票 {item},参与方 {buyer}",
        "item {item}, party {buyer}",
    ),
    "KeyUnavailable": Text("没有该账户的密钥", "The account's key is not at hand", "{account}", "{account}"),
    "KeyfileInvalid": Text("密钥文件无法读取", "The keyfile cannot be read", "{file}", "{file}"),
    "KeyfileLocked": Text("密钥文件密码不对", "The keyfile's password does not fit", "{file}", "{file}"),
    "NameMissing": Text("缺少名称", "The name is missing", "{field}", "{field}"),
    "NetworkKeyExists": Text(
        "网络密钥已存在,不可重建", "The network key exists already and is never made anew", "{path}", "{path}"
    ),
    "NetworkKeyExposed": Text("网络密钥文件可被他人读取", "Others can read the network key's file", "{path}", "{path}"),
    "NetworkKeyMalformed": Text("网络密钥文件格式有误", "The network key's file is malformed", "{path}", "{path}"),
    "NetworkKeyMissing": Text("缺少网络密钥", "The network key is missing", "{path}", "{path}"),
    "NoContractThere": Text(
        "该地址没有合约", "There is no contract at the address", "{contract}:{address}", "{contract}: {address}"
    ),
    "NoFreePort": Text("没有空闲端口", "There is no free port", "自 {first} 起", "from {first} on"),
    "NoSigningAccount": Text(
        "手头没有该参与方的签名账户",
        "No account of the party can sign here",
        "参与方 {party},需要权限 {right}",
        "party {party}, right {right}",
    ),
    "NonceTaken": Text(
        "同一账户的另一笔交易占用了序号,本笔未执行",
        "Another transaction of the account took the nonce; this one was not carried out",
    ),
    "NotDeployed": Text("合约尚未部署,请先执行 scf deploy", "The contracts are not deployed; next: scf deploy"),
    "NotMined": Text("交易迟迟未上链", "The transaction was not mined in time", "{tx_hash}", "{tx_hash}"),
    "OperationPending": Text(
        "操作仍在处理中", "The operation is still under way", "{operation}:{status}", "{operation}: {status}"
    ),
    "OutOfGas": Text("燃料不足,交易未执行", "The transaction ran out of gas", "上限 {gas}", "limit {gas}"),
    "Panic": Text("合约内部错误", "A contract failed inside", "代码 {code}", "code {code}"),
    "PasswordFileMissing": Text("缺少密钥密码文件", "The password file is missing", "{file}", "{file}"),
    "PasswordFileOpen": Text("密码文件可被他人读取", "Others can read the password file", "{file}", "{file}"),
    "ProcessDidNotStart": Text(
        "进程未能启动", "A process did not start", "{process},日志 {log}", "{process}, log: {log}"
    ),
    "ProcessDied": Text(
        "进程意外退出",
        "A process ended unexpectedly",
        "{process} 退出码 {code},日志 {log}",
        "{process} with code {code}, log: {log}",
    ),
    "QuoteNonceReused": Text(
        "报价编号已用过", "The quote's nonce was used before", "资金方 {financiers}", "financiers {financiers}"
    ),
    "RelayNonceNotNext": Text(
        "代发请求的序号不是该账户的下一个,请重新获取后签名",
        "The request's nonce is not the account's next: ask for a new one and sign that",
        "下一个为 {next},请求为 {given}",
        "next {next}, given {given}",
    ),
    "Reverted": Text("合约拒绝了交易", "A contract refused the transaction", "{data}", "{data}"),
    "RevertedWithMessage": Text("合约拒绝了交易", "A contract refused the transaction", "{message}", "{message}"),
    "SellerNotAdmitted": Text("卖方尚未准入", "The seller is not admitted", "{identity}", "{identity}"),
    "ServerKeysNeedLoopback": Text(
        "服务器持有密钥时只能监听本机地址",
        "With keys on the server, the API listens on the local address only",
        "{host}",
        "{host}",
    ),
    "SettingInvalid": Text(
        "配置值有误",
        "A setting cannot be read",
        "{name} 的值 {value} 应为 {expected}",
        "{name} is {value}, expected {expected}",
    ),
    "SettingUnknown": Text("未知配置项", "The setting is unknown", "{name}(文件 {file})", "{name} (file {file})"),
    "SettingsFileInvalid": Text(
        "配置文件无法读取", "The settings file cannot be read", "{file}:{message}", "{file}: {message}"
    ),
    "SignatureInvalid": Text("签名无法读取", "The signature cannot be read", "{message}", "{message}"),
    "SignedRequestMismatch": Text(
        "签名请求与所请求的操作不符",
        "The signed request is not the act that was asked for",
        "{field} 应为 {expected},实为 {found}",
        "{field}: expected {expected}, found {found}",
    ),
    "SignedTransactionInvalid": Text(
        "签名交易无法读取", "The signed transaction cannot be read", "{message}", "{message}"
    ),
    "SignedTransactionMismatch": Text(
        "签名交易与所请求的操作不符",
        "The signed transaction is not the act that was asked for",
        "{field} 应为 {expected},实为 {found}",
        "{field}: expected {expected}, found {found}",
    ),
    "StatusUnknown": Text("未知状态", "The status is unknown", "{status},可选 {known}", "{status}; known: {known}"),
    "TestMoneyOnPublicChain": Text(
        "测试货币不能部署到公开链",
        "Test money cannot be deployed on a public chain",
        "链 {chain_id}",
        "chain {chain_id}",
    ),
    "TransactionFailed": Text("交易失败", "The transaction failed"),
    "UnknownFunction": Text(
        "合约没有这个功能", "The contract has no such function", "{contract}.{function}", "{contract}.{function}"
    ),
    "UnknownJob": Text("没有这个批量任务", "There is no such job", "{job}", "{job}"),
    "UnknownChange": Text("没有这项变更公告", "There is no such announced change", "{change}", "{change}"),
    "UnknownCertificate": Text("本网络未出具过此证明", "This code is on no certificate of this network"),
    "UnknownItem": Text("没有这张导入的发票", "There is no such imported item", "{item}", "{item}"),
    "UnknownOperation": Text("没有这个操作", "There is no such operation", "{operation}", "{operation}"),
    "DealNotKept": Text(
        "此处没有该票据所依据的报价,登记须附完整报价",
        "The quote by which the note was bought is not kept here; the registration needs all of it",
        "票据 {note}",
        "note {note}",
    ),
    "UnknownQuoteRequest": Text("没有这项询价", "There is no such request for quotes", "票据 {note}", "note {note}"),
    "UnknownQuote": Text("没有这份报价", "There is no such quote", "{quote}", "{quote}"),
    "UnknownTransaction": Text("没有这笔交易", "There is no such transaction", "{tx_hash}", "{tx_hash}"),
    "VerificationFailed": Text("账实不符", "The read model does not match the chain"),
    "WrongChain": Text(
        "链编号与配置不符",
        "The chain is not the configured one",
        "配置 {expected},现为 {found}",
        "configured {expected}, found {found}",
    ),
}
