"""What the contracts refuse with: one text for each custom error, by its name; evidence by ABI name."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.text import Text

CONTRACT_TEXTS: Mapping[str, Text] = {
    "AccessManagedInvalidAuthority": Text(
        "该合约的权限管理者无效", "The contract's authority is not valid", "{authority}", "{authority}"
    ),
    "AccessManagedRequiredDelay": Text(
        "此管理操作须先排期",
        "This administrative act must be scheduled first",
        "账户 {caller} 须等待 {delay} 秒",
        "account {caller} must wait {delay} seconds",
    ),
    "AccessManagedUnauthorized": Text(
        "该账户无权办理此管理操作", "The account may not do this administrative act", "{caller}", "{caller}"
    ),
    "AccessManagerAlreadyScheduled": Text(
        "该管理操作已排期", "The administrative act is scheduled already", "{operationId}", "{operationId}"
    ),
    "AccessManagerBadConfirmation": Text("放弃角色须由账户本人确认", "Only the account itself can renounce its role"),
    "AccessManagerExpired": Text(
        "排期的管理操作已过期", "The scheduled administrative act has expired", "{operationId}", "{operationId}"
    ),
    "AccessManagerInvalidInitialAdmin": Text(
        "初始管理员无效", "The initial administrator is not valid", "{initialAdmin}", "{initialAdmin}"
    ),
    "AccessManagerLockedRole": Text("该角色不可更改", "The role cannot be changed", "{roleId}", "{roleId}"),
    "AccessManagerNotReady": Text(
        "排期的管理操作尚未到时", "The scheduled administrative act is not due yet", "{operationId}", "{operationId}"
    ),
    "AccessManagerNotScheduled": Text(
        "该管理操作未排期", "The administrative act was not scheduled", "{operationId}", "{operationId}"
    ),
    "AccessManagerUnauthorizedAccount": Text(
        "该账户没有所需的管理角色",
        "The account lacks the administrative role",
        "账户 {msgsender},角色 {roleId}",
        "account {msgsender}, role {roleId}",
    ),
    "AccessManagerUnauthorizedCall": Text(
        "该账户无权调用此管理功能",
        "The account may not call this administrative function",
        "账户 {caller},合约 {target},功能 {selector}",
        "account {caller}, contract {target}, function {selector}",
    ),
    "AccessManagerUnauthorizedCancel": Text(
        "该账户无权取消此排期",
        "The account may not cancel what was scheduled",
        "账户 {msgsender},排期者 {caller}",
        "account {msgsender}, scheduled by {caller}",
    ),
    "AccessManagerUnauthorizedConsume": Text(
        "该合约不能核销此排期", "The contract may not use up what was scheduled", "{target}", "{target}"
    ),
    "AccountBoundElsewhere": Text(
        "该账户已属于其他参与方",
        "The account serves another party",
        "账户 {account},参与方 {party}",
        "account {account}, party {party}",
    ),
    "AddressEmptyCode": Text("该地址没有合约", "There is no contract at the address", "{target}", "{target}"),
    "AlreadyClaimed": Text(
        "该发票已被确权",
        "The invoice has been confirmed already",
        "指纹 {fingerprint},应收账款 {receivable}",
        "fingerprint {fingerprint}, receivable {receivable}",
    ),
    "AlreadyDeclared": Text(
        "该应收账款已被宣告逾期",
        "The receivable is declared overdue already",
        "应收账款 {receivable}",
        "receivable {receivable}",
    ),
    "AlreadyDemanded": Text(
        "已追索该票据", "The note is demanded already", "票据 {note},日期 {day}", "note {note}, on {day}"
    ),
    "AlreadySettlementAccount": Text(
        "该账户已是参与方的结算账户",
        "The account is the party's settlement account already",
        "参与方 {party},账户 {account}",
        "party {party}, account {account}",
    ),
    "AmountNotExact": Text(
        "银行所证金额与应付金额不符",
        "The bank attests another amount than is due",
        "票据 {note}:应为 {expected},所证为 {attested}",
        "note {note}: due {expected}, attested {attested}",
    ),
    "AttestationExpired": Text(
        "登记方的证明已过期", "The registrar's attestation has expired", "截止 {deadline}", "valid until {deadline}"
    ),
    "AttestationInvalid": Text(
        "登记方的证明与条款不符",
        "The registrar's attestation is not for these terms",
        "签名账户 {signer},摘要 {digest}",
        "signer {signer}, digest {digest}",
    ),
    "AttestationUsedAlready": Text(
        "登记方的证明已用过",
        "The registrar's attestation was used already",
        "签名账户 {signer},编号 {nonce}",
        "signer {signer}, nonce {nonce}",
    ),
    "AuthorizationExpired": Text(
        "转账授权已过期",
        "The transfer authorization has expired",
        "有效期止于 {validBefore}",
        "valid before {validBefore}",
    ),
    "AuthorizationInvalid": Text(
        "转账授权的签名无效",
        "The transfer authorization's signature is not valid",
        "授权账户 {authorizer},摘要 {digest}",
        "account {authorizer}, digest {digest}",
    ),
    "AuthorizationNotYetValid": Text(
        "转账授权尚未生效",
        "The transfer authorization does not count yet",
        "生效于 {validAfter} 之后",
        "valid after {validAfter}",
    ),
    "AuthorizationSpent": Text(
        "转账授权已使用或已取消",
        "The transfer authorization is used or cancelled",
        "授权账户 {authorizer},编号 {nonce}",
        "account {authorizer}, nonce {nonce}",
    ),
    "BankIsDebtor": Text(
        "债务人不能为自己证明已付款", "A debtor cannot attest its own payment", "参与方 {party}", "party {party}"
    ),
    "BankSignatureInvalid": Text(
        "结算银行的签名无效", "The settlement bank's signature is not valid", "签名账户 {signer}", "signer {signer}"
    ),
    "BeforeCutOff": Text(
        "尚未到银行兑付的起始日",
        "Payment by bank cannot be reserved yet",
        "票据 {note},自 {cutOffDay} 起",
        "note {note}, from {cutOffDay} on",
    ),
    "BelowMinimum": Text(
        "金额低于最小拆分额",
        "The amount is below the least that a note may have",
        "票据 {note},余额 {value},下限 {minimum}(最小货币单位)",
        "note {note}: {value}, at least {minimum} (minor units)",
    ),
    "BuyerIsSeller": Text(
        "买方与卖方是同一参与方", "Buyer and seller are the same party", "参与方 {party}", "party {party}"
    ),
    "CallerNotPayee": Text(
        "只有收款方可以使用该转账授权",
        "Only the payee may use this authorization",
        "办理账户 {caller},收款账户 {payee}",
        "caller {caller}, payee {payee}",
    ),
    "CashNotExact": Text(
        "资金划转金额不符,交易已撤销",
        "The cash that moved is not the exact amount, so nothing happened",
        "代币 {token},账户 {account},应为 {expected},实为 {measured}(最小货币单位)",
        "token {token}, account {account}: expected {expected}, measured {measured} (minor units)",
    ),
    "ChangeNotReady": Text(
        "变更公示期未满",
        "The change may not be finished yet",
        "参与方 {party},最早 {readyAt}",
        "party {party}, not before {readyAt}",
    ),
    "ClaimsNotExact": Text(
        "占用发票金额合计与应收账款金额不符",
        "The parts of invoices do not make the debt's amount",
        "占用合计 {claimed},金额 {amount}(最小货币单位)",
        "claimed {claimed}, amount {amount} (minor units)",
    ),
    "CountNotExact": Text(
        "银行所证的轮次进度不符,请按次序提交",
        "The round is at another count: bring the bank's words in their order",
        "应收账款 {receivable}:现为 {expected},所证为 {attested}",
        "receivable {receivable}: counted {expected}, attested {attested}",
    ),
    "CreditCodeAlreadyAdmitted": Text(
        "该统一社会信用代码已准入",
        "The credit code is admitted already",
        "参与方 {party},代码哈希 {creditCodeHash}",
        "party {party}, code hash {creditCodeHash}",
    ),
    "CreditCodeMissing": Text("缺少统一社会信用代码", "The credit code is missing"),
    "CreditNoteCounted": Text(
        "该红字发票已计入", "The credit note is counted already", "指纹 {creditNote}", "fingerprint {creditNote}"
    ),
    "CreditTooLarge": Text(
        "红字金额过大",
        "The credit note is for more than can be recorded",
        "指纹 {invoice},金额 {amount},最多 {most}(最小货币单位)",
        "fingerprint {invoice}: amount {amount}, at most {most} (minor units)",
    ),
    "CreditorIsDebtor": Text(
        "债权人与债务人是同一参与方", "Creditor and debtor are the same party", "参与方 {party}", "party {party}"
    ),
    "CurrencyAlreadyAllowed": Text(
        "该币种已启用",
        "The currency is allowed already",
        "代币 {token},币种 {currency}",
        "token {token}, currency {currency}",
    ),
    "DeadlinePassed": Text("签名已过期", "The signature has expired", "截止 {deadline}", "valid until {deadline}"),
    "DebtorNotifiedAlready": Text(
        "转让通知已登记",
        "The debtor was notified already",
        "票据 {note},时间 {debtorNotifiedAt}",
        "note {note}, at {debtorNotifiedAt}",
    ),
    "DebtorOverdue": Text(
        "债务人有已宣告的逾期,付清前不得新增或融资",
        "The debtor is declared overdue: nothing new until it has paid",
        "参与方 {debtor},逾期 {count} 笔",
        "party {debtor}, {count} overdue",
    ),
    "DeliveryAfterToday": Text(
        "交货日在今天之后",
        "The delivery day is after today",
        "交货日 {deliveryDay},今天 {today}",
        "delivered {deliveryDay}, today {today}",
    ),
    "DueDayPast": Text(
        "到期日已过", "The due day is past", "到期日 {dueDay},今天 {today}", "due {dueDay}, today {today}"
    ),
    "ECDSAInvalidSignature": Text("签名无效", "The signature is not valid"),
    "ECDSAInvalidSignatureLength": Text(
        "签名长度无效", "The signature's length is not valid", "{length} 字节", "{length} bytes"
    ),
    "ECDSAInvalidSignatureS": Text(
        "签名不是规范形式", "The signature is not in its canonical form", "s 为 {s}", "s is {s}"
    ),
    "ERC20InsufficientAllowance": Text(
        "付款账户授权额度不足",
        "The payer has not approved enough",
        "被授权方 {spender},已授权 {allowance},需要 {needed}(最小货币单位)",
        "spender {spender}: approved {allowance}, needed {needed} (minor units)",
    ),
    "ERC20InsufficientBalance": Text(
        "付款账户余额不足",
        "The payer's balance is too low",
        "账户 {sender},余额 {balance},需要 {needed}(最小货币单位)",
        "account {sender}: balance {balance}, needed {needed} (minor units)",
    ),
    "ERC20InvalidApprover": Text("授权方地址无效", "The approving address is not valid", "{approver}", "{approver}"),
    "ERC20InvalidReceiver": Text("收款地址无效", "The receiving address is not valid", "{receiver}", "{receiver}"),
    "ERC20InvalidSender": Text("付款地址无效", "The paying address is not valid", "{sender}", "{sender}"),
    "ERC20InvalidSpender": Text("被授权方地址无效", "The address to approve is not valid", "{spender}", "{spender}"),
    "ERC2612ExpiredSignature": Text(
        "授权许可已过期", "The permit has expired", "有效至 {deadline}", "valid until {deadline}"
    ),
    "ERC2612InvalidSigner": Text(
        "授权许可的签名无效",
        "The permit's signature is not the owner's",
        "签名账户 {signer},应为 {owner}",
        "signer {signer}, owner {owner}",
    ),
    "ERC2771ForwarderExpiredRequest": Text(
        "代发请求已过期", "The forwarded request has expired", "截止 {deadline}", "valid until {deadline}"
    ),
    "ERC2771ForwarderInvalidSigner": Text(
        "代发请求的签名无效",
        "The forwarded request has a wrong signature",
        "签名账户 {signer},应为 {from}",
        "signed by {signer}, should be {from}",
    ),
    "ERC2771ForwarderMismatchedValue": Text(
        "代发请求的金额不符",
        "The forwarded request carries another value",
        "请求 {requestedValue},实付 {msgValue}",
        "asked {requestedValue}, sent {msgValue}",
    ),
    "ERC2771UntrustfulTarget": Text(
        "目标合约不信任该代发合约",
        "The target does not trust the forwarder",
        "目标 {target},代发合约 {forwarder}",
        "target {target}, forwarder {forwarder}",
    ),
    "EmptyBatch": Text("清单为空", "The list is empty"),
    "EvidenceMissing": Text("缺少证据哈希", "The hash of the evidence is missing"),
    "FailedCall": Text("内部调用失败", "An inner call failed"),
    "FinancedNote": Text(
        "经融资取得的票据不能再拆分流转",
        "A note bought through financing cannot be split or passed on",
        "票据 {note}",
        "note {note}",
    ),
    "FreezeOver": Text(
        "所依据的冻结已解除",
        "The freeze that it rests on has ended",
        "票据 {note},第 {freeze} 次冻结,现为第 {current} 次",
        "note {note}: freeze {freeze}, now {current}",
    ),
    "ForwarderOff": Text("代发已停用,请直接发送交易", "The forwarder is switched off: send the transaction directly"),
    "FundingNotExact": Text(
        "转账授权金额与价款不符",
        "The authorization is not of the exact price",
        "授权 {value},价款 {price}(最小货币单位)",
        "authorized {value}, price {price} (minor units)",
    ),
    "FundingsUnmatched": Text(
        "付款方式的数目与交易不符",
        "There is not one funding for each deal",
        "交易 {deals} 笔,付款方式 {fundings} 项",
        "{deals} deals, {fundings} fundings",
    ),
    "IdentityExpired": Text(
        "参与方的身份核验已过期",
        "The party's identity check has expired",
        "参与方 {party},有效至 {identityExpiry}",
        "party {party}, valid until {identityExpiry}",
    ),
    "InsufficientBalance": Text(
        "合约余额不足",
        "The contract's balance is too low",
        "余额 {balance},需要 {needed}",
        "balance {balance}, needed {needed}",
    ),
    "InvalidAccount": Text("账户地址无效", "The account is not valid", "{account}", "{account}"),
    "InvalidAccountNonce": Text(
        "请求序号不符",
        "The request's nonce is not the next one",
        "账户 {account},应为 {currentNonce}",
        "account {account}, next is {currentNonce}",
    ),
    "InvalidLender": Text(
        "出借方不能是持有人或债务人",
        "The lender is neither the holder nor the debtor",
        "参与方 {lender}",
        "party {lender}",
    ),
    "InvalidLoan": Text(
        "借款金额须大于零且不超过上限,上限不超过质押金额",
        "A loan is positive, within its cap, and the cap within what is pledged",
        "借款 {principal},上限 {cap},质押 {pledgedValue}(最小货币单位)",
        "principal {principal}, cap {cap}, pledged {pledgedValue} (minor units)",
    ),
    "InvalidRights": Text("权限无效", "The rights are not valid", "{rights}", "{rights}"),
    "InvalidRoles": Text("角色无效", "The roles are not valid", "{roles}", "{roles}"),
    "InvalidShortString": Text("短文本无效", "The short string is not valid"),
    "InvalidSignature": Text("签名无效", "The signature is not valid", "账户 {signer}", "account {signer}"),
    "InvalidToken": Text("代币地址无效", "The token is not valid", "{token}", "{token}"),
    "LastDayInvalid": Text(
        "银行预留的最后日期不在允许范围内",
        "The reservation's last day is out of bounds",
        "{lastDay},须在 {earliest} 至 {latest} 之间",
        "{lastDay}, must be from {earliest} to {latest}",
    ),
    "LoanQuoteUsed": Text(
        "该借款报价已被使用或撤销",
        "The lender's quote is taken or cancelled",
        "出借方 {lender},编号 {nonce}",
        "lender {lender}, nonce {nonce}",
    ),
    "InvoiceAmountDiffers": Text(
        "发票金额与首次证明的不符",
        "The invoice was attested before with another amount",
        "指纹 {fingerprint},首次 {attestedBefore},此次 {attestedNow}(最小货币单位)",
        "fingerprint {fingerprint}: {attestedBefore} before, {attestedNow} now (minor units)",
    ),
    "InvoiceMissing": Text("缺少发票", "There is no invoice behind the debt"),
    "MissingRight": Text(
        "该账户没有所需权限",
        "The account lacks the right",
        "账户 {account},参与方 {party},现有 {rights},需要 {required}",
        "account {account} of party {party} has {rights}, needs {required}",
    ),
    "MissingRole": Text(
        "参与方没有所需角色",
        "The party lacks the role",
        "参与方 {party},现有 {roles},需要 {required}",
        "party {party} has {roles}, needs {required}",
    ),
    "MixedCurrencies": Text(
        "一批票据须为同一币种",
        "Notes of different currencies cannot go together",
        "币种 {first} 与 {other}",
        "currencies {first} and {other}",
    ),
    "NoDeals": Text("没有要办理的融资", "There is nothing to finance"),
    "NotBankDesk": Text("只有银行合约可以办理", "Only the bank desk may do this", "{caller}", "{caller}"),
    "NoteResting": Text(
        "该票据刚被释放,暂不能再次预留",
        "The note was released lately and cannot be reserved again yet",
        "票据 {note},至 {restsUntil} 止",
        "note {note}, until the end of {restsUntil}",
    ),
    "NotOnBankRail": Text("该币种不由银行结算", "The currency is not paid by bank", "{currency}", "{currency}"),
    "NotReservedUnder": Text(
        "该票据未在此预留之下",
        "The note does not wait under this reservation",
        "票据 {note},预留 {reservation}",
        "note {note}, reservation {reservation}",
    ),
    "NoUnfinishedRound": Text(
        "没有未完成的按比例兑付", "There is no unfinished round", "应收账款 {receivable}", "receivable {receivable}"
    ),
    "NotAssigneeNorDebtor": Text(
        "只有受让方或债务人可以登记转让通知",
        "Only the assignee or the debtor may record the notice",
        "票据 {note},办理方 {caller}",
        "note {note}, party {caller}",
    ),
    "NotBeforeDueDay": Text(
        "到期日起不得再流转或融资",
        "From the due day on the note does not move",
        "票据 {note},到期日 {dueDay}",
        "note {note}, due {dueDay}",
    ),
    "NotBoughtNote": Text(
        "该票据不是经融资受让取得", "The note did not come into being by a sale", "票据 {note}", "note {note}"
    ),
    "NotClaimed": Text(
        "该应收账款未占用该发票",
        "The receivable holds nothing of the invoice",
        "指纹 {fingerprint},凭证合约 {notes},应收账款 {receivable}",
        "fingerprint {fingerprint}, note contract {notes}, receivable {receivable}",
    ),
    "NotDebtor": Text(
        "仅债务人可以办理",
        "Only the debtor may do this",
        "应收账款 {receivable},债务人 {debtor},调用方 {caller}",
        "receivable {receivable}: debtor {debtor}, caller {caller}",
    ),
    "NotDeclaredOverdue": Text(
        "该票据的应收账款未宣布逾期", "The note's receivable is not declared overdue", "票据 {note}", "note {note}"
    ),
    "NotDemanded": Text("该票据尚未追索", "The note has not been demanded", "票据 {note}", "note {note}"),
    "NotDesk": Text("该合约不是业务柜台", "The caller is not a desk", "{caller}", "{caller}"),
    "NotDue": Text(
        "该票据没有应付款项", "Nothing is due on the note", "票据 {note},状态 {status}", "note {note} is {status}"
    ),
    "NotFreezable": Text(
        "该票据不能冻结:须已签收且未被冻结",
        "The note cannot be frozen: it must be accepted, and not frozen yet",
        "票据 {note},状态 {status}",
        "note {note} is {status}",
    ),
    "NotHeld": Text(
        "该票据不在持有状态", "The note is not held", "票据 {note},状态 {status}", "note {note} is {status}"
    ),
    "NotHolder": Text(
        "只有持有人可以办理",
        "Only the holder may do this",
        "票据 {note},持有人 {holder},办理方 {caller}",
        "note {note} belongs to party {holder}, not {caller}",
    ),
    "NotLender": Text(
        "仅出借方可以解除质押",
        "Only the lender may release the pledge",
        "票据 {note},出借方 {lender},调用方 {caller}",
        "note {note}: lender {lender}, caller {caller}",
    ),
    "NotOffered": Text(
        "该票据不在待接受状态", "The note is not on offer", "票据 {note},状态 {status}", "note {note} is {status}"
    ),
    "NotOfferor": Text(
        "只有转让方可以撤回",
        "Only the offeror may withdraw",
        "票据 {note},转让方 {offeror},办理方 {caller}",
        "note {note} was offered by party {offeror}, not {caller}",
    ),
    "NotOverdue": Text(
        "尚未逾期",
        "It is not overdue",
        "应收账款 {receivable},今天 {today},宽限至 {lastGraceDay}",
        "receivable {receivable}: today {today}, grace until {lastGraceDay}",
    ),
    "NotPledged": Text("该票据未设质押", "The note is not pledged", "票据 {note}", "note {note}"),
    "NotSeller": Text(
        "只有该笔转让的卖方可以办理",
        "Only the seller of the sale may act",
        "票据 {note},卖方 {seller},办理方 {caller}",
        "note {note}: seller {seller}, not {caller}",
    ),
    "NotWriter": Text(
        "该合约不能写入授信登记", "The caller may not write to the credit register", "{caller}", "{caller}"
    ),
    "NoteFrozen": Text("该票据已被冻结", "The note is frozen", "票据 {note}", "note {note}"),
    "NoteNotFrozen": Text("该票据未被冻结", "The note is not frozen", "票据 {note}", "note {note}"),
    "NothingAnnounced": Text(
        "该参与方没有待生效的变更", "No change is announced for the party", "参与方 {party}", "party {party}"
    ),
    "NothingOwed": Text(
        "该应收账款没有已签收的欠款",
        "Nothing is owed on the receivable",
        "应收账款 {receivable}",
        "receivable {receivable}",
    ),
    "NothingToConfirm": Text("没有要确权的应收账款", "There is nothing to confirm"),
    "NothingToDemand": Text("未指定要追索的票据", "No note to demand is named"),
    "NothingToRecord": Text("未指定要登记的内容", "Nothing to record is named"),
    "OfferLapsed": Text(
        "接受期限已过", "The offer has lapsed", "票据 {note},截止 {lapseDay}", "note {note}, open until {lapseDay}"
    ),
    "OfferNotLapsed": Text(
        "接受期限未到", "The offer is still open", "票据 {note},截止 {lapseDay}", "note {note}, open until {lapseDay}"
    ),
    "OnBankRail": Text(
        "该币种由银行清算,不能以代币支付",
        "The currency is on the bank rail: no token pays it",
        "币种 {currency}",
        "currency {currency}",
    ),
    "OnlyItself": Text("只有合约自身可以调用", "Only the contract itself may call this", "{caller}", "{caller}"),
    "OrderHashMissing": Text("缺少裁定书哈希", "The hash of the order is missing"),
    "OtherBank": Text(
        "该预留属于另一家银行",
        "The reservation is another bank's",
        "银行 {expected},而非 {bank}",
        "bank {expected}, not {bank}",
    ),
    "OtherCurrency": Text(
        "银行所证币种不符",
        "The bank attests another currency",
        "应为 {expected},所证为 {currency}",
        "due in {expected}, attested in {currency}",
    ),
    "OtherPayee": Text(
        "银行付给了另一方",
        "The bank paid another party",
        "票据 {note}:应付参与方 {expected},实付 {payee}",
        "note {note}: due to party {expected}, paid to {payee}",
    ),
    "OtherReceivable": Text(
        "该票据属于另一笔应收账款",
        "The note is of another receivable",
        "票据 {note},应收账款 {receivable}",
        "note {note} is of receivable {receivable}",
    ),
    "OverInvoice": Text(
        "超出发票剩余金额",
        "More is asked than is left of the invoice",
        "指纹 {fingerprint},申请 {asked},剩余 {left}(最小货币单位)",
        "fingerprint {fingerprint}: asked {asked}, left {left} (minor units)",
    ),
    "OverLine": Text(
        "超出授信额度",
        "The credit line is too small",
        "参与方 {debtor},币种 {currency},申请 {asked},可用 {available}(最小货币单位)",
        "party {debtor}, currency {currency}: asked {asked}, available {available} (minor units)",
    ),
    "PaidInPart": Text(
        "逾期或按比例兑付未完成时,须全额兑付或按比例兑付",
        "Overdue, or with an unfinished round, it is paid in full or by a pro rata round",
        "应收账款 {receivable},尚余 {left}(最小货币单位)",
        "receivable {receivable}: {left} left (minor units)",
    ),
    "PartyIsSuspended": Text("参与方已被暂停", "The party is suspended", "参与方 {party}", "party {party}"),
    "PartyNotSuspended": Text("参与方未被暂停", "The party is not suspended", "参与方 {party}", "party {party}"),
    "PayeeRefused": Text(
        "收款账户无法收款", "The payee's account cannot take the payment", "账户 {payee}", "account {payee}"
    ),
    "PayerAble": Text("付款账户可以付款(探测结果)", "The payer could pay (the answer of a probe)"),
    "PayerNotAsked": Text(
        "由银行付款的报价不应指定付款账户", "A quote that a bank pays names no paying account", "{payer}", "{payer}"
    ),
    "PayerNotAuthorised": Text(
        "无权动用该付款账户",
        "The caller may not pay from this account",
        "付款账户 {payer},办理账户 {caller}",
        "payer {payer}, caller {caller}",
    ),
    "PayerOfOtherParty": Text(
        "付款账户不属于该资金方",
        "The paying account is another party's",
        "账户 {payer},资金方 {financier},账户属于 {party}",
        "account {payer} is of party {party}, not {financier}",
    ),
    "PaymentTendered": Text(
        "债务人已提交付款,不能追索",
        "The debtor has offered payment, so there is no recourse",
        "票据 {note}",
        "note {note}",
    ),
    "PolicyOutOfBounds": Text(
        "参数超出硬性上下限",
        "A policy parameter is out of bounds",
        "{parameter} 为 {value},限值 {bound}",
        "{parameter} is {value}, the bound is {bound}",
    ),
    "PriceTooLow": Text(
        "价款低于卖方要求",
        "The price is below what the seller asked",
        "价款 {price},要求 {minPrice}(最小货币单位)",
        "price {price}, at least {minPrice} (minor units)",
    ),
    "ProtocolPaused": Text("系统已暂停新的确权、拆分与融资", "New issues, splits and financing are paused"),
    "QuoteEpochOver": Text(
        "报价已被报价方整体作废",
        "The financier has ended its quotes",
        "资金方 {financier},报价批次 {epoch},现为 {current}",
        "party {financier}: epoch {epoch}, now {current}",
    ),
    "QuoteExpired": Text("报价已过期", "The quote has expired", "有效至 {validUntil}", "valid until {validUntil}"),
    "QuoteForOtherHolder": Text(
        "该借款报价是给另一持有人的",
        "The quote is for another holder",
        "持有人 {holder},调用方 {caller}",
        "for party {holder}, taken by {caller}",
    ),
    "QuoteForOtherSeller": Text(
        "报价是给其他卖方的",
        "The quote is for another seller",
        "卖方 {seller},办理方 {caller}",
        "for party {seller}, not {caller}",
    ),
    "QuoteIsCancelled": Text(
        "报价已取消", "The quote was cancelled", "资金方 {financier},编号 {nonce}", "party {financier}, nonce {nonce}"
    ),
    "QuoteNonceTaken": Text(
        "报价编号已用于另一份报价",
        "The quote's nonce stands for another quote",
        "资金方 {financier},编号 {nonce}",
        "party {financier}, nonce {nonce}",
    ),
    "QuoteOfOtherDeal": Text(
        "该报价不是取得此票据的报价",
        "The quote is not the one by which the note was bought",
        "票据 {note},报价摘要 {digest}",
        "note {note}, quote digest {digest}",
    ),
    "QuoteSignatureInvalid": Text(
        "报价签名无效",
        "The quote's signature is not valid",
        "签名账户 {signer},摘要 {digest}",
        "signer {signer}, digest {digest}",
    ),
    "QuoteUsedUp": Text(
        "报价额度已用完",
        "The quote is used up",
        "资金方 {financier},编号 {nonce},申请 {asked},可用 {available}(最小货币单位)",
        "party {financier}, nonce {nonce}: asked {asked}, available {available} (minor units)",
    ),
    "ReceivableNotCancelled": Text(
        "该应收账款未取消", "The receivable is not cancelled", "应收账款 {receivable}", "receivable {receivable}"
    ),
    "RecourseRateTooHigh": Text(
        "有追索权的报价利率过高",
        "The rate is too high for a quote with recourse",
        "{rateBps} 基点,至多 {max}",
        "{rateBps} basis points, at most {max}",
    ),
    "ReferenceMissing": Text("缺少银行付款编号", "The bank's payment reference is missing"),
    "ReferenceUsed": Text(
        "该银行付款编号已使用",
        "The bank's payment reference was used already",
        "银行 {bank},编号 {paymentReference}",
        "bank {bank}, reference {paymentReference}",
    ),
    "ReferenceOfOtherDeal": Text(
        "登记编号与该笔交易不符",
        "The registry reference is not the deal's",
        "票据 {note},登记 {registryReference},交易 {dealReference}",
        "note {note}: registered {registryReference}, deal {dealReference}",
    ),
    "RegistrationExpired": Text(
        "登记证明已过期", "The registration's attestation has expired", "有效至 {deadline}", "valid until {deadline}"
    ),
    "RegistrationInvalid": Text(
        "登记证明的签名无效",
        "The registration's signature is not valid",
        "签名账户 {signer},摘要 {digest}",
        "signer {signer}, digest {digest}",
    ),
    "RegistrationReplaced": Text(
        "登记证明与现有登记不衔接",
        "The registration does not replace what stands",
        "票据 {note},现有 {registeredAt},证明所替代 {replaces}",
        "note {note}: {registeredAt} stands, the attestation replaces {replaces}",
    ),
    "RegistrationTimeInvalid": Text(
        "登记时间无效",
        "The time of registration is not valid",
        "票据 {note},时间 {registeredAt}",
        "note {note}, at {registeredAt}",
    ),
    "RegistrationUsedAlready": Text(
        "登记证明已使用",
        "The registration's attestation is used already",
        "签名账户 {signer},编号 {nonce}",
        "signer {signer}, nonce {nonce}",
    ),
    "RegistryReferenceMissing": Text(
        "缺少动产融资登记编号", "The movable-property registry reference is missing", "票据 {note}", "note {note}"
    ),
    "ReassignmentNotDue": Text(
        "裁定转让尚在等待期",
        "The reassignment still waits",
        "裁定 {reassignment},可执行时间 {readyAt}",
        "reassignment {reassignment}, from {readyAt} on",
    ),
    "RemovedNotAsAnnounced": Text(
        "移除的账户与公示的不符",
        "The accounts to be removed are not those announced",
        "参与方 {party},公示 {announced},提交 {found}",
        "party {party}: announced {announced}, given {found}",
    ),
    "Rehearsed": Text("试算完成,未作任何更改", "The rehearsal went through and changed nothing"),
    "ReservationExists": Text(
        "银行的这份承诺已使用",
        "This word of the bank was taken already",
        "预留 {reservation}",
        "reservation {reservation}",
    ),
    "ReservationNotOver": Text(
        "该预留尚未结束",
        "The reservation is not over",
        "预留 {reservation},至 {lastDay} 止",
        "reservation {reservation}, until the end of {lastDay}",
    ),
    "ReservationOver": Text(
        "该预留已结束",
        "The reservation is over",
        "预留 {reservation},最后日期 {lastDay}",
        "reservation {reservation}, last day {lastDay}",
    ),
    "RoundBeforeDueDay": Text(
        "到期日之前不能按比例兑付",
        "A pro rata round begins on the due day at the earliest",
        "应收账款 {receivable},到期日 {dueDay}",
        "receivable {receivable} is due on {dueDay}",
    ),
    "RoundNotOpen": Text(
        "没有进行中的按比例兑付", "No pro rata round is open", "应收账款 {receivable}", "receivable {receivable}"
    ),
    "RoundNotOver": Text(
        "按比例兑付尚未到期",
        "The round may not be closed yet",
        "应收账款 {receivable},截止 {lastDay}",
        "receivable {receivable}: open until {lastDay}",
    ),
    "RoundOpen": Text(
        "按比例兑付进行中,其他流转须等待",
        "A pro rata round is open: everything else waits",
        "应收账款 {receivable}",
        "receivable {receivable}",
    ),
    "RoundTotalInvalid": Text(
        "按比例兑付总额无效",
        "The total of the round is not valid",
        "应收账款 {receivable},总额 {total},未付 {outstanding}(最小货币单位)",
        "receivable {receivable}: {total} of {outstanding} (minor units)",
    ),
    "RoundUnfinished": Text(
        "上一轮按比例兑付尚未完成",
        "The last round is unfinished and comes first",
        "应收账款 {receivable},第 {round} 轮",
        "receivable {receivable}, round {round}",
    ),
    "RoundsBegun": Text(
        "按比例兑付已开始,未签收的票据向转出方兑付",
        "Rounds have begun: an open offer is paid to its offeror",
        "应收账款 {receivable}",
        "receivable {receivable}",
    ),
    "SafeCastOverflowedUintDowncast": Text(
        "数值超出范围", "A number is out of range", "{value} 超过 {bits} 位", "{value} does not fit {bits} bits"
    ),
    "SafeERC20FailedOperation": Text("代币划转失败", "The token transfer failed", "{token}", "{token}"),
    "SelfTransfer": Text(
        "不能转给自己",
        "The note cannot be passed to its own holder",
        "票据 {note},参与方 {party}",
        "note {note}, party {party}",
    ),
    "SharedAlready": Text(
        "该票据在本轮已获兑付",
        "The note has had its share of this round",
        "票据 {note},第 {round} 轮",
        "note {note}, round {round}",
    ),
    "SignerOfOtherBank": Text(
        "签名账户不属于该银行",
        "The signer serves another party than the bank",
        "账户 {signer},银行 {bank},所属 {party}",
        "account {signer}, bank {bank}, serves {party}",
    ),
    "SignerOfOtherParty": Text(
        "签名账户不属于该资金方",
        "The signing account is another party's",
        "账户 {signer},资金方 {financier},账户属于 {party}",
        "account {signer} is of party {party}, not {financier}",
    ),
    "SoldWithoutRecourse": Text(
        "该票据的转让没有追索权", "The note was not sold with recourse", "票据 {note}", "note {note}"
    ),
    "StringTooLong": Text("文本过长", "The text is too long", "{str}", "{str}"),
    "TenorOverPolicy": Text(
        "账期超过上限",
        "The tenor is longer than policy allows",
        "{tenorDays} 天,上限 {hardTenorDays} 天",
        "{tenorDays} days, at most {hardTenorDays}",
    ),
    "TierLimitReached": Text(
        "已到流转层级上限",
        "The note is at the deepest tier",
        "票据 {note} 在第 {tier} 级,上限第 {tierLimit} 级",
        "note {note} is at tier {tier} of {tierLimit}",
    ),
    "TooLittleGas": Text(
        "手续费额度不足以判断付款结果",
        "Too little gas to tell how a payment ends",
        "剩余 {left},需要 {needed}",
        "{left} left, {needed} needed",
    ),
    "TotalExceeded": Text(
        "应付总额超过授权金额",
        "The total is more than the payer allowed",
        "应付 {total},上限 {maxTotal}(最小货币单位)",
        "total {total}, at most {maxTotal} (minor units)",
    ),
    "TradeHashMissing": Text(
        "缺少贸易背景哈希", "The hash of the trade under the transfer is missing", "票据 {note}", "note {note}"
    ),
    "UnknownCurrency": Text("未知币种", "The currency is unknown", "{currency}", "{currency}"),
    "UnknownNote": Text("没有这张票据", "There is no such note", "票据 {note}", "note {note}"),
    "UnknownParty": Text("没有这个参与方", "There is no such party", "参与方 {party}", "party {party}"),
    "UnknownReassignment": Text(
        "没有待执行的该裁定转让",
        "There is no such reassignment to execute",
        "裁定 {reassignment}",
        "reassignment {reassignment}",
    ),
    "UnknownReceivable": Text(
        "没有这笔应收账款", "There is no such receivable", "应收账款 {receivable}", "receivable {receivable}"
    ),
    "UnknownReservation": Text("没有这项预留", "There is no such reservation", "{reservation}", "{reservation}"),
    "ValueDayInvalid": Text(
        "银行起息日无效",
        "The value day is not valid",
        "{valueDay},须在 {earliest} 至 {latest} 之间",
        "{valueDay}, must be from {earliest} to {latest}",
    ),
    "ValueExceeded": Text(
        "金额超过票据余额",
        "The amount is more than the note's value",
        "票据 {note},申请 {asked},可用 {available}(最小货币单位)",
        "note {note}: asked {asked}, available {available} (minor units)",
    ),
    "ZeroAmount": Text("金额不能为零", "The amount must not be zero"),
}
