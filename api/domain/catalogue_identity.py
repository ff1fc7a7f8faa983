"""What signing in and the care of people and keys are refused with, by the rule's name."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.text import Text

IDENTITY_TEXTS: Mapping[str, Text] = {
    "AccountLinked": Text("该账户已绑定", "The account is linked already", "{account}", "{account}"),
    "AccountOfOtherParty": Text(
        "链上没有登记该账户属于您的企业",
        "The chain does not say that the account is your company's",
        "{account}",
        "{account}",
    ),
    "CodeInvalid": Text("动态验证码不对", "The one-time code does not fit"),
    "EmailTaken": Text("该邮箱已被使用", "The e-mail address is taken", "{email}", "{email}"),
    "IdentityKeyWrong": Text(
        "身份密钥文件有误", "The identity key's file does not fit or can be read by others", "{file}", "{file}"
    ),
    "IdTokenInvalid": Text(
        "身份提供方的答复不可信",
        "What the identity provider says cannot be believed",
        "{field} 不符",
        "{field} does not fit",
    ),
    "LastAdmin": Text(
        "企业至少须保留一名管理员", "A company keeps at least one administrator", "参与方 {party}", "party {party}"
    ),
    "NotAuthenticated": Text("请先登录", "Sign in first"),
    "NotCompanyAdmin": Text("只有企业管理员可以这样做", "Only an administrator of the company may do this"),
    "NotSignedInAsPerson": Text("只有登录的个人可以这样做", "Only a person who has signed in may do this"),
    "OriginInvalid": Text(
        "网站来源地址有误:除本机外须为 https",
        "The web origin is not valid: https, except on the local address",
        "{origin}",
        "{origin}",
    ),
    "PasswordWrong": Text("原密码不对", "The present password does not fit"),
    "PersonNotLinked": Text(
        "您在身份提供方的账号没有绑定到本网络的有效人员;请向企业管理员索取邀请码",
        "Your account at the identity provider is linked to nobody active here; ask your administrator to invite you",
    ),
    "ProviderDemanded": Text(
        "贵企业要求使用自己的身份提供方登录", "Your company signs in by its own identity provider alone"
    ),
    "ProviderOfOtherParty": Text(
        "这是另一家企业的身份提供方", "The identity provider is another company's", "{provider}", "{provider}"
    ),
    "ProviderRefused": Text(
        "身份提供方没有完成登录", "The identity provider did not sign you in", "{error}", "{error}"
    ),
    "ProviderSettingInvalid": Text(
        "身份提供方的设置有误",
        "The settings of an identity provider are not valid",
        "{provider}:{field}",
        "{provider}: {field}",
    ),
    "ProviderUnavailable": Text(
        "身份提供方暂时无法使用",
        "The identity provider cannot be used at present",
        "{issuer}:{reason}",
        "{issuer}: {reason}",
    ),
    "SetUpTokenInvalid": Text("邀请码无效或已过期", "The set-up token is not valid, or no longer"),
    "SignInMessageInvalid": Text(
        "登录消息不符合 EIP-4361", "The message to sign in is not EIP-4361's", "{message}", "{message}"
    ),
    "SignInMessageRefused": Text(
        "登录消息不是为本网站此刻而签",
        "The message to sign in is not for this site and this moment",
        "{field} 应为 {expected},实为 {found}",
        "{field}: expected {expected}, found {found}",
    ),
    "SignInNotBegun": Text(
        "这次登录不是在此浏览器发起,或已过期、已用过;请重新登录",
        "This sign-in was not begun in this browser, or too long ago, or is over; begin again",
    ),
    "SignInRefused": Text("登录失败", "Signing in failed"),
    "SubjectLinked": Text(
        "该账号已绑定到贵企业的另一位人员", "This account is already linked to somebody else of your company"
    ),
    "TooManyAttempts": Text(
        "尝试次数过多,请稍后再试", "Too many attempts; try again later", "{wait_s} 秒后", "in {wait_s} s"
    ),
    "UnknownAccount": Text("没有绑定这个账户", "There is no such linked account", "{account}", "{account}"),
    "UnknownApiKey": Text("没有这个接口密钥", "There is no such API key", "{key}", "{key}"),
    "UnknownPerson": Text("没有这个人员", "There is no such person", "{person}", "{person}"),
    "UnknownProvider": Text("没有这个身份提供方", "There is no such identity provider", "{provider}", "{provider}"),
    "UnknownSession": Text("没有这次登录", "There is no such session", "{session}", "{session}"),
}
