"""Why intake refuses: every rule with its sentence in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from api.domain.invoices import Refusal

Language = Literal["en", "zh"]

TEXTS: Mapping[str, tuple[str, str]] = {
    # a whole file
    "file-unreadable": ("the file cannot be read: {error}", "文件无法读取：{error}"),
    "file-empty": ("the file is empty", "文件为空"),
    "file-too-large": ("the file has more than {limit} bytes", "文件超过 {limit} 字节"),
    "kind-unknown": ("neither an XML invoice nor a CSV ledger", "既不是 XML 发票，也不是 CSV 台账"),
    "encoding-unknown": ("not text in {encoding}; name the encoding", "不是 {encoding} 编码的文本，请指明编码"),
    "encoding-unsupported": ("the encoding {encoding} is not supported", "不支持编码 {encoding}"),
    "encoding-contradicted": (
        "the byte order mark says {mark}, the declaration {declared}",
        "字节顺序标记为 {mark}，声明却为 {declared}",
    ),
    # ledger: header and lines
    "column-missing": ("no column {column}; the header has: {header}", "缺少列 {column}；表头为：{header}"),
    "column-ambiguous": ("the header has the column {column} more than once", "表头中的列 {column} 出现多次"),
    "row-malformed": ("the row cannot be read: {error}", "该行无法解析：{error}"),
    "row-short": ("the row has {fields} fields, the header {columns}", "该行有 {fields} 个字段，表头有 {columns} 列"),
    "row-long": (
        "the row has {fields} fields, the header {columns} (an unquoted separator?)",
        "该行有 {fields} 个字段，表头有 {columns} 列（分隔符未加引号？）",
    ),
    "encoding-invalid": ("bytes that are not {encoding}", "含有不属于 {encoding} 编码的字节"),
    "nul-character": ("a NUL character in the row", "该行含有 NUL 字符"),
    "document-number-missing": ("no document number", "缺少单据编号"),
    # a document of a ledger
    "several-vendors": ("the document names several vendors: {values}", "同一单据出现多个供应商：{values}"),
    "several-buyers": ("the document names several buyers: {values}", "同一单据出现多个付款方：{values}"),
    "several-currencies": ("the document has several currencies: {values}", "同一单据出现多种币种：{values}"),
    # an item of either kind
    "seller-missing": ("no seller ({where})", "缺少销售方（{where}）"),
    "buyer-missing": ("no buyer ({where})", "缺少购买方（{where}）"),
    "number-missing": ("no invoice number ({where})", "缺少发票号码（{where}）"),
    "issue-date-missing": ("no issue date ({where})", "缺少开票日期（{where}）"),
    "due-date-missing": ("no due date ({where})", "缺少到期日（{where}）"),
    "several-due-dates": ("several due dates: {values}", "存在多个到期日：{values}"),
    "currency-missing": ("no currency ({where})", "缺少币种（{where}）"),
    "amount-missing": ("no amount ({where})", "缺少金额（{where}）"),
    "date-invalid": ("{value} is not a date ({where})", "{value} 不是有效日期（{where}）"),
    "currency-unknown": ("{value} is not an ISO 4217 currency ({where})", "{value} 不是 ISO 4217 币种（{where}）"),
    "amount-invalid": ("{value} is not an amount ({where})", "{value} 不是有效金额（{where}）"),
    "amount-not-exact": (
        "{value} has more decimals than {currency} has ({where})",
        "{value} 的小数位数超过 {currency} 的最小单位（{where}）",
    ),
    "amount-too-large": ("{value} is beyond what can be booked ({where})", "{value} 超出可记账范围（{where}）"),
    "total-not-positive": (
        "the total {value} {currency} is not positive ({where})",
        "合计 {value} {currency} 不为正（{where}）",
    ),
    "currency-mismatch": (
        "the amount is in {value}, the invoice in {currency} ({where})",
        "金额币种为 {value}，发票币种为 {currency}（{where}）",
    ),
    # XML
    "xml-malformed": ("not well-formed XML: {error}", "不是格式良好的 XML：{error}"),
    "xml-doctype": ("a document type declaration (DTD) is not allowed", "不允许文档类型声明（DTD）"),
    "xml-entity": ("an entity declaration is not allowed", "不允许实体声明"),
    "xml-too-deep": ("elements nested deeper than {limit}", "元素嵌套超过 {limit} 层"),
    "xml-too-many-elements": ("more than {limit} elements", "元素超过 {limit} 个"),
    "root-unknown": ("{root} is neither a UBL 2.1 nor a CII invoice", "{root} 既不是 UBL 2.1 也不是 CII 发票"),
    "element-repeated": (
        "{where} appears more than once with different values: {values}",
        "{where} 重复出现且取值不同：{values}",
    ),
    "credit-note": (
        "a credit note is not a receivable (type {code})",
        "贷项通知单（红字发票）不是应收账款（类型 {code}）",
    ),
    "invoice-type-missing": ("no invoice type code ({where})", "缺少发票类型代码（{where}）"),
    "invoice-type-unsupported": (
        "type {code} is no claim for delivered goods that can be confirmed ({where})",
        "类型 {code} 不是可确权的交货债权（{where}）",
    ),
    # across items
    "invoice-taken": ("the invoice is already in another party's books", "该发票已由其他参与方导入"),
    "duplicate-invoice": (
        "the same invoice as {other_number} in {other_file}, {other_item}",
        "与 {other_file} 中 {other_item} 的 {other_number} 为同一发票",
    ),
}
"""Every rule by which intake refuses, with its sentence in English and in Chinese; `{…}` are the refusal's params."""


def reason(refusal: Refusal, language: Language = "en") -> str:
    """The refusal as a sentence in one language. Control characters in values are made visible, long values cut."""
    english, chinese = TEXTS[refusal.rule]
    params = {name: printable(value) for name, value in refusal.params.items()}
    return (chinese if language == "zh" else english).format_map(params)


def printable(value: str) -> str:
    """A value from a document, safe to print: nothing in it can move the cursor, and it is at most 200 characters."""
    short = value if len(value) <= 200 else value[:199] + "…"
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" if ord(c) < 256 else "\ufffd" for c in short)
