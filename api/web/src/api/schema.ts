// Made by `npm run types` from the API's OpenAPI document: do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * Account
     * @description `rights` are bits: 1 act, 2 quote, 4 administer, 8 receive cash.
     */
    Account: {
      /** Address */
      address: string;
      /** Rights */
      rights: number;
    };
    /**
     * Acknowledgement
     * @description Who has seen it, and when. `person` is null where nobody signs in, and for programs.
     */
    Acknowledgement: {
      /** Party */
      party: number;
      /** Person */
      person: string | null;
      /**
       * At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      at: string;
      /** Remark */
      remark: string;
    };
    /**
     * ActKind
     * @description What needs two people.
     * @enum {string}
     */
    ActKind: "confirm" | "finance" | "pay" | "accounts" | "orders" | "network" | "thresholds";
    /**
     * Alert
     * @description Something to look at: `trace` leads to its story. It says "look here", not that anything is wrong. `facts` are what the
     *     rule found, amounts as strings of minor units.
     */
    Alert: {
      /** Id */
      id: number;
      /**
       * Rule
       * @enum {string}
       */
      rule:
        | "circular_transfer"
        | "wash_splitting"
        | "near_duplicate"
        | "edited_number"
        | "same_file"
        | "concentration"
        | "velocity"
        | "long_tenor"
        | "long_terms"
        | "high_rate"
        | "overdue_chain";
      severity: components["schemas"]["Severity"];
      /** Title */
      title: string;
      /** Title Zh */
      title_zh: string;
      /** Why */
      why: string;
      /** Why Zh */
      why_zh: string;
      /** Block */
      block: number;
      /**
       * Time
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      time: string;
      /** Parties */
      parties: components["schemas"]["PartyName"][];
      /** Note */
      note: number | null;
      /** Receivable */
      receivable: number | null;
      /** Trace */
      trace: string | null;
      /** Facts */
      facts: {
        [key: string]: unknown;
      };
      acknowledged: components["schemas"]["Acknowledgement"] | null;
    };
    /**
     * AnnouncedChange
     * @description An act of the operator's that waits, so that everybody sees it coming. `policy` where it sets one; `arguments` are
     *     null for those who neither run nor audit the network.
     */
    AnnouncedChange: {
      /** Id */
      id: string;
      /** Contract */
      contract: string | null;
      /** Function */
      function: string | null;
      policy: components["schemas"]["Terms"] | null;
      /** Arguments */
      arguments: unknown[] | null;
      /**
       * Ready At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      ready_at: string;
      status: components["schemas"]["ChangeStatus"];
    };
    /**
     * Approval
     * @description `typed_data` is as eth_signTypedData_v4 takes it. `lines` and `counterparties` are read out of its calls.
     */
    Approval: {
      /** Id */
      id: string;
      /** Party */
      party: number;
      kind: components["schemas"]["ActKind"];
      status: components["schemas"]["ApprovalStatus"];
      /** Digest */
      digest: string;
      /** Amounts */
      amounts: components["schemas"]["Sum"][];
      /**
       * Deadline
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      deadline: string;
      /** Prepared By */
      prepared_by: string;
      /** Prepared Means */
      prepared_means: string;
      /** Ended By */
      ended_by: string | null;
      /** Signatures */
      signatures: components["schemas"]["Signature"][];
      /** Operations */
      operations: string[];
      /** Job */
      job: string | null;
      /** Request Id */
      request_id: string | null;
      /**
       * Created At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      created_at: string;
      /**
       * Updated At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      updated_at: string;
      /** Typed Data */
      typed_data: {
        [key: string]: unknown;
      };
      /** Lines */
      lines: components["schemas"]["ApprovalLine"][];
      /** Counterparties */
      counterparties: components["schemas"]["PartyName"][];
    };
    /**
     * ApprovalBody
     * @example {
     *       "amount": "5000000000",
     *       "currency": "CNY",
     *       "desk": "financing",
     *       "party": 9
     *     }
     */
    ApprovalBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /**
       * Desk
       * @description The contract that may draw.
       * @enum {string}
       */
      desk: "financing" | "repayment" | "recourse";
      /**
       * Currency
       * @description ISO 4217 code.
       * @example CNY
       */
      currency: string;
      /** Amount */
      amount?: string | null;
    };
    /** ApprovalLine */
    ApprovalLine: {
      /** Zh */
      zh: string;
      /** En */
      en: string;
    };
    /**
     * ApprovalStatus
     * @description prepared → signed → executed, or → approved → executed where the account's key is elsewhere.
     *
     *     Until it is executed it can be refused, withdrawn, or expire. These, and executed, are ends.
     * @enum {string}
     */
    ApprovalStatus: "prepared" | "signed" | "approved" | "executed" | "refused" | "withdrawn" | "expired";
    /**
     * ApprovalSummary
     * @description An act that needs two people: `prepared` (asked for), `signed` (by its maker), `approved` (by both; the account signs
     *     outside), `executed` (see its operations, or its job), `refused`, `withdrawn` or `expired`.
     */
    ApprovalSummary: {
      /** Id */
      id: string;
      /** Party */
      party: number;
      kind: components["schemas"]["ActKind"];
      status: components["schemas"]["ApprovalStatus"];
      /** Digest */
      digest: string;
      /** Amounts */
      amounts: components["schemas"]["Sum"][];
      /**
       * Deadline
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      deadline: string;
      /** Prepared By */
      prepared_by: string;
      /** Prepared Means */
      prepared_means: string;
      /** Ended By */
      ended_by: string | null;
      /** Signatures */
      signatures: components["schemas"]["Signature"][];
      /** Operations */
      operations: string[];
      /** Job */
      job: string | null;
      /** Request Id */
      request_id: string | null;
      /**
       * Created At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      created_at: string;
      /**
       * Updated At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      updated_at: string;
    };
    /**
     * ApprovedBody
     * @description An approved act whose account signs outside.
     * @example {
     *       "approval": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
     *       "party": 3
     *     }
     */
    ApprovedBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /**
       * Approval
       * @description An approval's id.
       * @example 0f1e2d3c4b5a69788796a5b4c3d2e1f0
       */
      approval: string;
    };
    /**
     * AskedFor
     * @description A request for quotes that stands. Financier null: every one.
     * @example {
     *       "created_at": "2025-07-01T02:00:00Z",
     *       "financier": {
     *         "id": 9,
     *         "name_en": "Demo Bank",
     *         "name_zh": "演示银行"
     *       },
     *       "note": 7,
     *       "seller": {
     *         "id": 5,
     *         "name_en": "Chengchuan Brake Technology",
     *         "name_zh": "澄川制动科技有限公司"
     *       }
     *     }
     */
    AskedFor: {
      /** Note */
      note: number;
      seller: components["schemas"]["PartyName"];
      financier: components["schemas"]["PartyName"] | null;
      /**
       * Created At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      created_at: string;
    };
    /**
     * Backing
     * @description What a receivable claimed of an invoice. `left` and `excess` are the invoice's: what may still be claimed, and by
     *     how much claims and credit notes together exceed its amount.
     */
    Backing: {
      /** Fingerprint */
      fingerprint: string;
      /**
       * Amount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      amount: string;
      /**
       * Claimed
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      claimed: string;
      /**
       * Left
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      left: string;
      /**
       * Excess
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      excess: string;
    };
    /** Body_imports_check_document */
    Body_imports_check_document: {
      /**
       * File
       * @description A ledger (CSV) or an invoice (UBL 2.1 or CII XML).
       */
      file: string;
      /**
       * Party
       * @description The party that owes, in whose name it is read.
       */
      party: number;
      /**
       * Column
       * @description Ledger column as ROLE=HEADER: number, vendor, vendor_vat, amount, date, due_date, currency, buyer.
       * @example [
       *       "number=doc_no",
       *       "vendor=supplier"
       *     ]
       */
      column?: string[] | null;
      /**
       * Encoding
       * @description Where a ledger has no byte order mark.
       * @default utf-8
       */
      encoding: string;
      /**
       * Decimal Mark
       * @default .
       */
      decimal_mark: string;
      /**
       * Currency
       * @description Where no column says.
       */
      currency?: string | null;
      /** Buyer */
      buyer?: string | null;
      /**
       * Country
       * @description Of vendors' tax numbers without a prefix.
       */
      country?: string | null;
      /**
       * Assume Due Days
       * @description Assume due dates that no document states: so many days after the issue date.
       * @example 30-90
       */
      assume_due_days?: string | null;
      /**
       * Seed
       * @description Of the assumed due dates.
       * @default 0
       */
      seed: number;
    };
    /** Body_imports_import_document */
    Body_imports_import_document: {
      /**
       * File
       * @description A ledger (CSV) or an invoice (UBL 2.1 or CII XML).
       */
      file: string;
      /**
       * Party
       * @description The party that owes, in whose name it is read.
       */
      party: number;
      /**
       * Column
       * @description Ledger column as ROLE=HEADER: number, vendor, vendor_vat, amount, date, due_date, currency, buyer.
       * @example [
       *       "number=doc_no",
       *       "vendor=supplier"
       *     ]
       */
      column?: string[] | null;
      /**
       * Encoding
       * @description Where a ledger has no byte order mark.
       * @default utf-8
       */
      encoding: string;
      /**
       * Decimal Mark
       * @default .
       */
      decimal_mark: string;
      /**
       * Currency
       * @description Where no column says.
       */
      currency?: string | null;
      /** Buyer */
      buyer?: string | null;
      /**
       * Country
       * @description Of vendors' tax numbers without a prefix.
       */
      country?: string | null;
      /**
       * Assume Due Days
       * @description Assume due dates that no document states: so many days after the issue date.
       * @example 30-90
       */
      assume_due_days?: string | null;
      /**
       * Seed
       * @description Of the assumed due dates.
       * @default 0
       */
      seed: number;
    };
    /**
     * CallBody
     * @description A contract call as `POST /operations/unsigned` gave it: whole numbers are decimal strings.
     */
    CallBody: {
      contract: components["schemas"]["Contract"];
      /** Function */
      function: string;
      /** Args */
      args: unknown[];
      /**
       * Account
       * @description An account, 20 bytes; a mixed-case one must have its EIP-55 checksum.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /** At */
      at?: string | null;
    };
    /**
     * CancelBody
     * @example {
     *       "order_hash": "0x7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e",
     *       "party": 4,
     *       "reassignment": 2
     *     }
     */
    CancelBody: {
      /**
       * Party
       * @description The arbiter.
       * @example 3
       */
      party: number;
      /**
       * Reassignment
       * @description A reassignment.
       * @example 2
       */
      reassignment: number;
      /**
       * Order Hash
       * @description Hash of the order that strikes it; not zero.
       * @example 0x9b2f4c1d6e8a0b3c5d7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c
       */
      order_hash: string;
    };
    /**
     * Cash
     * @description All cash of one kind that the party paid and received until then.
     */
    Cash: {
      currency: components["schemas"]["Currency"];
      /**
       * Kind
       * @enum {string}
       */
      kind: "finance" | "repayment" | "recourse" | "loan" | "loan_repayment";
      /**
       * Paid
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      paid: string;
      /**
       * Received
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      received: string;
    };
    /**
     * CashLeg
     * @description Cash for a note sold (`finance`) or repaid (`repayment`): deposit tokens between accounts, or, where a settlement
     *     `bank` attested it under its `payment_reference`, a payment in its books.
     */
    CashLeg: {
      /** Kind */
      kind: string;
      /** Note */
      note: number;
      /** Child */
      child: number | null;
      payer: components["schemas"]["PartyName"];
      payee: components["schemas"]["PartyName"];
      /** Payer Account */
      payer_account: string | null;
      /** Payee Account */
      payee_account: string | null;
      /** Token */
      token: string;
      /**
       * Amount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      amount: string;
      /**
       * Principal
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      principal: string;
      /**
       * Interest
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      interest: string;
      /**
       * Discount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      discount: string;
      /** Rate Bps */
      rate_bps: number | null;
      /** Registry Reference */
      registry_reference: string | null;
      source: components["schemas"]["Source"];
      bank: components["schemas"]["PartyName"] | null;
      /** Payment Reference */
      payment_reference: string | null;
      /** @description Under which it was paid: of a sale, a loan, what is paid back of one, and recourse for a sale. Other repayments are paid under none. */
      quote: components["schemas"]["QuoteName"] | null;
    };
    /**
     * Certificate
     * @description `in_capitals` is the amount as it is written out in Chinese, of yuan alone. `stands`: whether the note is still as
     *     printed at `checked_block`; of what it is else, nothing is told.
     */
    Certificate: {
      /** Note */
      note: number;
      /**
       * Value
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      value: string;
      currency: components["schemas"]["Currency"];
      /** In Capitals */
      in_capitals: string | null;
      holder: components["schemas"]["PartyName"];
      debtor: components["schemas"]["PartyName"];
      /**
       * Due Date
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      due_date: string;
      /** Block */
      block: number;
      /** Stands */
      stands: boolean;
      /** Checked Block */
      checked_block: number;
    };
    /**
     * ChangeStatus
     * @description Of an announced act. What is carried out, called off or expired is announced no more.
     * @enum {string}
     */
    ChangeStatus: "waiting" | "ready";
    /** Changes */
    Changes: {
      /** Items */
      items: components["schemas"]["AnnouncedChange"][];
    };
    /**
     * Checked
     * @description What an import of a document would come to: `new` would go in, `known` were imported before (each as it stands, so that
     *     it can be found), `refused` would not go in.
     */
    Checked: {
      /** New */
      new: components["schemas"]["Draft"][];
      /** Known */
      known: components["schemas"]["Item"][];
      /** Refused */
      refused: components["schemas"]["Refusal"][];
    };
    /**
     * Claim
     * @description Who took a part of a debt by sale or pledge and has it still, and its `place` among all that did (民法典 第768条); null
     *     where that is not known. `equals` others have the same place and share in proportion. `acquired` is the sale or the
     *     pledge; `registration` and `notice` are the events that give the place. What is not shown to the asker is null.
     */
    Claim: {
      /** Note */
      note: number;
      /**
       * Kind
       * @enum {string}
       */
      kind: "assignment" | "pledge";
      assignee: components["schemas"]["PartyName"] | null;
      /** Value */
      value: string | null;
      /** Registry Reference */
      registry_reference: string | null;
      /** Registered At */
      registered_at: string | null;
      /** Recorded At */
      recorded_at: string | null;
      /** Debtor Notified At */
      debtor_notified_at: string | null;
      acquired: components["schemas"]["Source"];
      registration: components["schemas"]["Source"] | null;
      notice: components["schemas"]["Source"] | null;
      /** Place */
      place: number | null;
      /** Equals */
      equals: number;
      /**
       * Basis
       * @enum {string}
       */
      basis: "registration" | "notice" | "proportion" | "unknown";
      /** Reason */
      reason: string;
      /** Reason Zh */
      reason_zh: string;
    };
    /**
     * ConfirmBody
     * @example {
     *       "items": [
     *         11,
     *         12
     *       ],
     *       "parts": [
     *         {
     *           "amount": "4000000",
     *           "item": 13
     *         }
     *       ],
     *       "party": 1,
     *       "skip_refused": true
     *     }
     */
    ConfirmBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /**
       * Items
       * @description Imported items, confirmed whole.
       */
      items?: number[];
      /**
       * Parts
       * @description Imported items that are confirmed in part, each once.
       */
      parts?: components["schemas"]["PartBody"][];
      /**
       * Skip Refused
       * @description Leave out what cannot be confirmed, and say why, instead of refusing all.
       * @default false
       */
      skip_refused: boolean;
    };
    /**
     * ConfirmationJobBody
     * @description Imported items to confirm, each with an end of its own.
     * @example {
     *       "party": 1,
     *       "rows": [
     *         {
     *           "item": 11
     *         },
     *         {
     *           "amount": "4000000",
     *           "item": 12
     *         }
     *       ]
     *     }
     */
    ConfirmationJobBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /** Rows */
      rows: components["schemas"]["JobRowBody"][];
    };
    /**
     * ConsentBody
     * @example {
     *       "amount": "10000000",
     *       "currency": "CNY",
     *       "expiry_date": "2025-12-31",
     *       "latest_due_date": "2026-06-30",
     *       "offeror": 3,
     *       "party": 5
     *     }
     */
    ConsentBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /**
       * Offeror
       * @description Whose offers are accepted at once.
       * @example 3
       */
      offeror: number;
      /**
       * Currency
       * @description ISO 4217 code.
       * @example CNY
       */
      currency: string;
      /**
       * Amount
       * @description What may be accepted in all, minor units; 0 revokes.
       * @example 12500000
       */
      amount: string;
      /**
       * Latest Due Date
       * Format: date
       * @description A business day (UTC+8).
       */
      latest_due_date: string;
      /**
       * Expiry Date
       * Format: date
       * @description A business day (UTC+8).
       */
      expiry_date: string;
    };
    /**
     * Contract
     * @description The deployed contracts, by their Solidity names.
     * @enum {string}
     */
    Contract:
      | "AccessManager"
      | "Forwarder"
      | "ParticipantRegistry"
      | "CreditRegister"
      | "ReceivableNotes"
      | "IssuanceDesk"
      | "FinancingDesk"
      | "OrderDesk"
      | "PledgeDesk"
      | "RepaymentDesk"
      | "BankDesk"
      | "BankSaleDesk"
      | "BankRepaymentDesk"
      | "RecourseDesk"
      | "AssignmentRegister"
      | "DepositToken";
    /** Currency */
    Currency: {
      /** Id */
      id: number;
      /** Token */
      token: string;
      /** Code */
      code: string;
      /** Decimals */
      decimals: number;
    };
    /** DealBody */
    DealBody: {
      /**
       * Quote
       * @description The quote's id.
       */
      quote: string;
      /**
       * Amount
       * @description Face value to sell, minor units.
       * @example 12500000
       */
      amount: string;
      /**
       * Min Price
       * @description Least cash for it, minor units.
       * @example 12500000
       */
      min_price: string;
    };
    /**
     * DepartBody
     * @example {
     *       "view": "#/parties"
     *     }
     */
    DepartBody: {
      /**
       * View
       * @description Where in the page it goes on afterwards.
       * @default #/
       */
      view: string;
    };
    /**
     * Departure
     * @description Where the browser goes to sign in.
     */
    Departure: {
      /** Address */
      address: string;
    };
    /**
     * Deposit
     * @description Cash on a party's settlement account, and what desks may take of it, as the chain has it now.
     */
    Deposit: {
      currency: components["schemas"]["Currency"];
      /** Account */
      account: string;
      /**
       * Balance
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      balance: string;
      may_draw: components["schemas"]["MayDraw"];
    };
    /**
     * Draft
     * @description An invoice as read. `assumed` names the fields that no document states.
     */
    Draft: {
      /** File */
      file: string;
      /**
       * Item
       * @description Where in the file.
       */
      item: string;
      /**
       * Seller
       * @description Canonical identity.
       */
      seller: string;
      /** Seller Name */
      seller_name: string;
      /** Number */
      number: string;
      /**
       * Issue Date
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      issue_date: string;
      /** Due Date */
      due_date: string | null;
      /** Currency */
      currency: string;
      /**
       * Payable
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      payable: string;
      /** Fingerprint */
      fingerprint: string;
      /** File Hash */
      file_hash: string;
      /** Assumed */
      assumed: string[];
    };
    /**
     * DraftedRequest
     * @description `typed_data` is as eth_signTypedData_v4 takes it; `call` and its message go back, signed.
     */
    DraftedRequest: {
      /** Call */
      call: {
        [key: string]: unknown;
      };
      /** Typed Data */
      typed_data: {
        [key: string]: unknown;
      };
    };
    /** DraftedRequests */
    DraftedRequests: {
      /** Requests */
      requests: components["schemas"]["DraftedRequest"][];
    };
    /**
     * EnrolBody
     * @example {
     *       "password": "a long sentence that nobody guesses",
     *       "token": "as it was handed over"
     *     }
     */
    EnrolBody: {
      /**
       * Token
       * Format: password
       * @description As the administrator handed it over.
       */
      token: string;
      /**
       * Password
       * Format: password
       * @description Long rather than complicated.
       */
      password: string;
    };
    /**
     * EnrolConfirmBody
     * @example {
     *       "code": "492039",
     *       "token": "as it was handed over"
     *     }
     */
    EnrolConfirmBody: {
      /**
       * Token
       * Format: password
       * @description As the administrator handed it over.
       */
      token: string;
      /**
       * Code
       * @description Of the authenticator, now.
       * @example 492039
       */
      code: string;
    };
    /**
     * Enrolment
     * @description For the authenticator; told this once.
     */
    Enrolment: {
      /** Totp Secret */
      totp_secret: string;
      /** Otpauth */
      otpauth: string;
    };
    /**
     * ExecuteBody
     * @example {
     *       "party": 4,
     *       "reassignment": 2
     *     }
     */
    ExecuteBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /**
       * Reassignment
       * @description A reassignment.
       * @example 2
       */
      reassignment: number;
    };
    /**
     * Failure
     * @description Why an operation failed, as a problem names it.
     */
    Failure: {
      /** Type */
      type: string;
      /** Title */
      title: string;
      /** Title Zh */
      title_zh: string;
      /** Detail */
      detail: string;
      /** Detail Zh */
      detail_zh: string;
      /** Evidence */
      evidence: {
        [key: string]: unknown;
      };
    };
    /**
     * FieldProblem
     * @description One field that is wrong: where it stands, the rule it breaks, and why in both languages.
     */
    FieldProblem: {
      /** Field */
      field: string;
      /** Rule */
      rule: string;
      /** Message */
      message: string;
      /** Message Zh */
      message_zh: string;
    };
    /**
     * FinanceBody
     * @example {
     *       "deals": [
     *         {
     *           "amount": "4000000",
     *           "min_price": "3948000",
     *           "quote": "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
     *         }
     *       ],
     *       "party": 5
     *     }
     */
    FinanceBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /** Deals */
      deals: components["schemas"]["DealBody"][];
    };
    /** FlowTotal */
    FlowTotal: {
      /** Kind */
      kind: string;
      payer: components["schemas"]["PartyName"];
      payee: components["schemas"]["PartyName"];
      /**
       * Amount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      amount: string;
      /** Legs */
      legs: number;
    };
    /**
     * ForwardMessage
     * @description The message of the typed data, as it was signed.
     * @example {
     *       "data": "0x19c2",
     *       "deadline": "1751335800",
     *       "from": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
     *       "gas": "118408",
     *       "nonce": "4",
     *       "to": "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
     *       "value": "0"
     *     }
     */
    ForwardMessage: {
      /**
       * From
       * @description An account, 20 bytes; a mixed-case one must have its EIP-55 checksum.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      from: string;
      /**
       * To
       * @description An account, 20 bytes; a mixed-case one must have its EIP-55 checksum.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      to: string;
      /**
       * Value
       * @description Minor units, as a decimal string.
       * @example 12500000
       */
      value: string;
      /**
       * Gas
       * @description Minor units, as a decimal string.
       * @example 12500000
       */
      gas: string;
      /**
       * Nonce
       * @description Minor units, as a decimal string.
       * @example 12500000
       */
      nonce: string;
      /**
       * Deadline
       * @description Unix seconds.
       * @example 12500000
       */
      deadline: string;
      /**
       * Data
       * @description Bytes.
       * @example 0x02f8b1827a69
       */
      data: string;
    };
    /**
     * Freeze
     * @description A freeze that stands: the note and its open offers neither move nor collect.
     */
    Freeze: {
      /** Note */
      note: number;
      arbiter: components["schemas"]["PartyName"];
      /** Order Hash */
      order_hash: string;
    };
    /**
     * FundFlow
     * @description Every cash leg of a receivable that the asker sees, oldest first, and the sums of these between parties.
     */
    FundFlow: {
      receivable: components["schemas"]["Receivable"];
      /** Legs */
      legs: components["schemas"]["CashLeg"][];
      /** Totals */
      totals: components["schemas"]["FlowTotal"][];
    };
    /**
     * Held
     * @description A note of the party with value left, as it stood.
     */
    Held: {
      /** Note */
      note: number;
      /** Receivable */
      receivable: number;
      debtor: components["schemas"]["PartyName"];
      currency: components["schemas"]["Currency"];
      /**
       * Due Date
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      due_date: string;
      /** Tier */
      tier: number;
      /**
       * Origin
       * @enum {string}
       */
      origin: "confirmation" | "split" | "sale" | "order" | "recourse";
      /**
       * Face
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      face: string;
      /**
       * Value
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      value: string;
      /**
       * Pledged
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      pledged: string;
      /**
       * Status
       * @enum {string}
       */
      status:
        | "offered"
        | "lapsable"
        | "held"
        | "spent"
        | "refused"
        | "withdrawn"
        | "lapsed"
        | "repaid"
        | "reserved"
        | "pledged"
        | "frozen";
    };
    /**
     * HonourBody
     * @example {
     *       "max_total": "4012000",
     *       "note": 12,
     *       "party": 5
     *     }
     */
    HonourBody: {
      /**
       * Party
       * @description The seller.
       * @example 3
       */
      party: number;
      /**
       * Note
       * @description A note's id.
       * @example 7
       */
      note: number;
      /** Max Total */
      max_total?: string | null;
    };
    /**
     * Imported
     * @description What became of a document's items: new ones, those imported before, those refused.
     */
    Imported: {
      /** Imported */
      imported: components["schemas"]["Item"][];
      /** Known */
      known: components["schemas"]["Item"][];
      /** Refused */
      refused: components["schemas"]["Refusal"][];
    };
    /**
     * Index
     * @description How far the read model is; `stale` when it lags, or when the chain cannot be reached to tell.
     */
    Index: {
      /** Chain Id */
      chain_id: number;
      /** Block */
      block: number;
      /** Block Hash */
      block_hash: string;
      /**
       * Block Time
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      block_time: string;
      /** Head */
      head: number;
      /** Lag */
      lag: number;
      /** Reorgs */
      reorgs: number;
      /** Stale */
      stale: boolean;
    };
    /**
     * Item
     * @description An imported invoice.
     */
    Item: {
      /** File */
      file: string;
      /**
       * Item
       * @description Where in the file.
       */
      item: string;
      /**
       * Seller
       * @description Canonical identity.
       */
      seller: string;
      /** Seller Name */
      seller_name: string;
      /** Number */
      number: string;
      /**
       * Issue Date
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      issue_date: string;
      /** Due Date */
      due_date: string | null;
      /** Currency */
      currency: string;
      /**
       * Payable
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      payable: string;
      /** Fingerprint */
      fingerprint: string;
      /** File Hash */
      file_hash: string;
      /** Assumed */
      assumed: string[];
      /**
       * Id
       * @description To confirm it by.
       */
      id: number;
      /** Buyer */
      buyer: number;
      /** Evidence Hash */
      evidence_hash: string;
    };
    /**
     * Job
     * @description `waiting` + `sent` + `confirmed` + `refused` = `rows`. `done`: every row has ended. `awaiting_approval`: nothing is sent
     *     until two people have signed `approval`; `cancelled`: they did not.
     */
    Job: {
      /** Id */
      id: string;
      /** Kind */
      kind: string;
      /** Party */
      party: number;
      status: components["schemas"]["JobStatus"];
      /** Approval */
      approval: string | null;
      /** Rows */
      rows: number;
      /** Waiting */
      waiting: number;
      /** Sent */
      sent: number;
      /** Confirmed */
      confirmed: number;
      /** Refused */
      refused: number;
      /**
       * Created At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      created_at: string;
      /**
       * Updated At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      updated_at: string;
    };
    /** JobRowBody */
    JobRowBody: {
      /**
       * Item
       * @description An imported item's id.
       * @example 11
       */
      item: number;
      /**
       * Amount
       * @description Confirmed in part; left out: whole.
       */
      amount?: string | null;
    };
    /**
     * JobStatus
     * @description running → done, when every row has ended. Where two people are needed: awaiting_approval → running, or → cancelled
     *     when they do not both sign.
     * @enum {string}
     */
    JobStatus: "awaiting_approval" | "cancelled" | "running" | "done";
    /**
     * KeyChange
     * @description Announced: an administering account of the party may veto it until it is finished, which it may be from `ready_at` on.
     */
    KeyChange: {
      party: components["schemas"]["PartyName"];
      kind: components["schemas"]["KeyChangeKind"];
      /** Account */
      account: string;
      /** Removed */
      removed: string[];
      /** Evidence Hash */
      evidence_hash: string;
      /**
       * Ready At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      ready_at: string;
      status: components["schemas"]["ChangeStatus"];
    };
    /**
     * KeyChangeKind
     * @description What is announced. A party has one of each kind at most.
     * @enum {string}
     */
    KeyChangeKind: "recovery" | "settlement";
    /**
     * KeyKind
     * @description Whose keeping a signature's key is in.
     * @enum {string}
     */
    KeyKind: "wallet" | "custodial";
    /**
     * Line
     * @description A debtor's credit line; `currency` is the token's address.
     */
    Line: {
      /** Currency */
      currency: string;
      /**
       * Limit
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      limit: string;
      /**
       * Used
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      used: string;
    };
    /**
     * MayDraw
     * @description Most that each desk may still draw from an account; 2^96-1 says that there is no limit to speak of.
     */
    MayDraw: {
      /**
       * Financing
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      financing: string;
      /**
       * Repayment
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      repayment: string;
      /**
       * Recourse
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      recourse: string;
    };
    /**
     * Me
     * @description Who asks, as the server sees it.
     */
    Me: {
      /** Party */
      party: number;
      /** Person */
      person: string | null;
      /** Name */
      name: string | null;
      /** Roles */
      roles: components["schemas"]["PersonRole"][];
      /** Scopes */
      scopes: string[];
      /**
       * Means
       * @enum {string}
       */
      means: "local" | "session" | "api_key";
      /** Account */
      account: string | null;
      /** Provider */
      provider: string | null;
    };
    /**
     * Moment
     * @description The end of `block`. Statuses are those of business day `date`. `time`, and the date where a block was asked for, are of
     *     the last block by then in which something happened.
     */
    Moment: {
      /** Block */
      block: number;
      /**
       * Time
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      time: string;
      /**
       * Date
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      date: string;
    };
    /**
     * Nonce
     * @description What the message to sign has to say.
     */
    Nonce: {
      /** Nonce */
      nonce: string;
      /** Domain */
      domain: string;
      /** Uri */
      uri: string;
      /** Chain Id */
      chain_id: number;
      /**
       * Expires At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      expires_at: string;
    };
    /**
     * Note
     * @description A note. Whoever does not hold it is shown what its relation to it shows (docs/permissions.md); the rest is null.
     *     `cash` has the movements that the asker paid or was paid; of an own note all.
     */
    Note: {
      /** Id */
      id: number;
      /** Parent */
      parent: number | null;
      /** Receivable */
      receivable: number;
      /** Root */
      root: number;
      holder: components["schemas"]["PartyName"] | null;
      /** Tier */
      tier: number;
      /** Face */
      face: string | null;
      /** Value */
      value: string | null;
      /** Status */
      status:
        | (
            | "offered"
            | "lapsable"
            | "held"
            | "spent"
            | "refused"
            | "withdrawn"
            | "lapsed"
            | "repaid"
            | "reserved"
            | "pledged"
            | "frozen"
          )
        | null;
      /**
       * Origin
       * @enum {string}
       */
      origin: "confirmation" | "split" | "sale" | "order" | "recourse";
      /** Financed */
      financed: boolean | null;
      /** Lapse Date */
      lapse_date: string | null;
      /** Trade Hash */
      trade_hash: string | null;
      source: components["schemas"]["Source"];
      accepted: components["schemas"]["Source"] | null;
      closed: components["schemas"]["Source"] | null;
      /** Cash */
      cash: components["schemas"]["CashLeg"][];
    };
    /**
     * NotesBody
     * @example {
     *       "notes": [
     *         7,
     *         8
     *       ],
     *       "party": 3
     *     }
     */
    NotesBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /** Notes */
      notes: number[];
    };
    /**
     * Operation
     * @description What a party asked the chain to do: `queued` (stored), `submitted` (signed and sent), `confirmed` (mined, as asked) or
     *     `failed` (`error` says why). `created_at` and `updated_at` are of the server's clock.
     * @example {
     *       "account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
     *       "block": 57,
     *       "contract": "ReceivableNotes",
     *       "created_at": "2025-07-01T02:00:00Z",
     *       "final": true,
     *       "function": "accept",
     *       "gas_used": 36102,
     *       "id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
     *       "kind": "accept",
     *       "nonce": 4,
     *       "party": 3,
     *       "request_id": "erp-2025-07-01-000417",
     *       "status": "confirmed",
     *       "tx_hash": "0x9b2f4c1d6e8a0b3c5d7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c",
     *       "updated_at": "2025-07-01T02:00:01Z"
     *     }
     */
    Operation: {
      /** Id */
      id: string;
      /** Kind */
      kind: string;
      /** Party */
      party: number;
      status: components["schemas"]["OperationStatus"];
      contract: components["schemas"]["Contract"];
      /** Function */
      function: string;
      /** Account */
      account: string;
      /** Relayed For */
      relayed_for: string | null;
      /** Nonce */
      nonce: number | null;
      /** Tx Hash */
      tx_hash: string | null;
      /** Block */
      block: number | null;
      /** Gas Used */
      gas_used: number | null;
      /**
       * Final
       * @description Whether how it ended stands for good. Until then its block may be replaced: it is `submitted` again then, and the same signed transaction is sent again.
       */
      final: boolean;
      error: components["schemas"]["Failure"] | null;
      /**
       * Approval
       * @description The approval by which two people of the party asked for it, if it took two.
       */
      approval: string | null;
      /**
       * Request Id
       * @description X-Request-ID of the answer to the request that asked for it.
       */
      request_id: string | null;
      /**
       * Created At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      created_at: string;
      /**
       * Updated At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      updated_at: string;
    };
    /**
     * OperationStatus
     * @description queued → submitted → confirmed | failed. `confirmed` carries the receipt, `failed` the rule that refused.
     *
     *     Both can be taken back to `submitted` while their block may still be replaced; `Operation.final` says that it cannot.
     * @enum {string}
     */
    OperationStatus: "queued" | "submitted" | "confirmed" | "failed";
    /**
     * Operations
     * @description What a request became: one operation per transaction, or an approval that two people are to sign first.
     */
    Operations: {
      /** Operations */
      operations: components["schemas"]["Operation"][];
      /** Approval */
      approval: string | null;
    };
    /**
     * OrderBody
     * @description What an arbiter's order says of notes.
     * @example {
     *       "notes": [
     *         7,
     *         8
     *       ],
     *       "order_hash": "0x7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e",
     *       "party": 4
     *     }
     */
    OrderBody: {
      /**
       * Party
       * @description The arbiter.
       * @example 3
       */
      party: number;
      /** Notes */
      notes: number[];
      /**
       * Order Hash
       * @description Hash of the order; not zero.
       * @example 0x9b2f4c1d6e8a0b3c5d7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c
       */
      order_hash: string;
    };
    /**
     * Owed
     * @description A debt of the party with something outstanding, as it stood.
     */
    Owed: {
      /** Receivable */
      receivable: number;
      creditor: components["schemas"]["PartyName"];
      currency: components["schemas"]["Currency"];
      /**
       * Due Date
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      due_date: string;
      /**
       * Face Value
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      face_value: string;
      /**
       * Outstanding
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      outstanding: string;
      /**
       * Status
       * @enum {string}
       */
      status: "cancelled" | "outstanding" | "overdue" | "settled";
    };
    /** Page[Alert] */
    Page_Alert_: {
      /** Items */
      items: components["schemas"]["Alert"][];
      /** Next */
      next: string | null;
    };
    /** Page[ApprovalSummary] */
    Page_ApprovalSummary_: {
      /** Items */
      items: components["schemas"]["ApprovalSummary"][];
      /** Next */
      next: string | null;
    };
    /** Page[AskedFor] */
    Page_AskedFor_: {
      /** Items */
      items: components["schemas"]["AskedFor"][];
      /** Next */
      next: string | null;
    };
    /** Page[Claim] */
    Page_Claim_: {
      /** Items */
      items: components["schemas"]["Claim"][];
      /** Next */
      next: string | null;
    };
    /** Page[Freeze] */
    Page_Freeze_: {
      /** Items */
      items: components["schemas"]["Freeze"][];
      /** Next */
      next: string | null;
    };
    /** Page[Job] */
    Page_Job_: {
      /** Items */
      items: components["schemas"]["Job"][];
      /** Next */
      next: string | null;
    };
    /** Page[KeyChange] */
    Page_KeyChange_: {
      /** Items */
      items: components["schemas"]["KeyChange"][];
      /** Next */
      next: string | null;
    };
    /** Page[Note] */
    Page_Note_: {
      /** Items */
      items: components["schemas"]["Note"][];
      /** Next */
      next: string | null;
    };
    /** Page[Party] */
    Page_Party_: {
      /** Items */
      items: components["schemas"]["Party"][];
      /** Next */
      next: string | null;
    };
    /** Page[Planned] */
    Page_Planned_: {
      /** Items */
      items: components["schemas"]["Planned"][];
      /** Next */
      next: string | null;
    };
    /** Page[RankedQuote] */
    Page_RankedQuote_: {
      /** Items */
      items: components["schemas"]["RankedQuote"][];
      /** Next */
      next: string | null;
    };
    /** Page[Reassignment] */
    Page_Reassignment_: {
      /** Items */
      items: components["schemas"]["Reassignment"][];
      /** Next */
      next: string | null;
    };
    /** Page[Receivable] */
    Page_Receivable_: {
      /** Items */
      items: components["schemas"]["Receivable"][];
      /** Next */
      next: string | null;
    };
    /** Page[Recourse] */
    Page_Recourse_: {
      /** Items */
      items: components["schemas"]["Recourse"][];
      /** Next */
      next: string | null;
    };
    /**
     * Part
     * @description As what a person signs.
     * @enum {string}
     */
    Part: "maker" | "checker";
    /**
     * PartBody
     * @description A part of an imported invoice; the rest stays for other debts.
     */
    PartBody: {
      /**
       * Item
       * @description An imported item's id.
       * @example 11
       */
      item: number;
      /**
       * Amount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      amount: string;
    };
    /**
     * Party
     * @description Of another party than one's own the directory alone: what is not shown is null.
     */
    Party: {
      /** Id */
      id: number;
      /** Credit Code Hash */
      credit_code_hash: string | null;
      /** Roles */
      roles: ("core_enterprise" | "supplier" | "financier" | "auditor" | "registrar" | "arbiter" | "settlement_bank")[];
      /**
       * Status
       * @enum {string}
       */
      status: "active" | "suspended";
      /** Identity Expiry */
      identity_expiry: string | null;
      /** Settlement Account */
      settlement_account: string | null;
      /** Quote Epoch */
      quote_epoch: number | null;
      /** Overdue Count */
      overdue_count: number | null;
      /** Accounts */
      accounts: components["schemas"]["Account"][] | null;
      /** Lines */
      lines: components["schemas"]["Line"][] | null;
      source: components["schemas"]["Source"] | null;
      /** Name Zh */
      name_zh: string;
      /** Name En */
      name_en: string;
    };
    /**
     * PartyBody
     * @description An act that needs no more than who does it.
     * @example {
     *       "party": 3
     *     }
     */
    PartyBody: {
      /**
       * Party
       * @description The acting party; 0 is the network operator.
       */
      party: number;
    };
    /** PartyName */
    PartyName: {
      /** Id */
      id: number;
      /** Name Zh */
      name_zh: string;
      /** Name En */
      name_en: string;
    };
    /** Person */
    Person: {
      /** Id */
      id: string;
      /** Email */
      email: string;
      /** Name */
      name: string;
      /** Roles */
      roles: components["schemas"]["PersonRole"][];
      /** Active */
      active: boolean;
      /** Enrolled */
      enrolled: boolean;
      /**
       * Created At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      created_at: string;
    };
    /**
     * PersonRole
     * @description What a person may do for its company. A person may hold several.
     * @enum {string}
     */
    PersonRole: "admin" | "maker" | "checker" | "viewer";
    /**
     * Planned
     * @description An imported invoice that no debt uses yet, and what confirming it now would come to; `refused` says why it cannot be.
     */
    Planned: {
      item: components["schemas"]["Item"];
      creditor: components["schemas"]["PartyName"] | null;
      currency: components["schemas"]["Currency"] | null;
      /**
       * Amount
       * @description What credit notes left of it.
       */
      amount: string | null;
      /**
       * Due Date
       * @description The next business day.
       */
      due_date: string | null;
      refused: components["schemas"]["Failure"] | null;
    };
    /** PortionBody */
    PortionBody: {
      /**
       * To
       * @description The receiver, an active supplier.
       * @example 3
       */
      to: number;
      /**
       * Amount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      amount: string;
      /**
       * Trade Hash
       * @description Hash of the invoice or contract under the transfer.
       * @example 0x9b2f4c1d6e8a0b3c5d7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c
       */
      trade_hash: string;
    };
    /**
     * Position
     * @description What a party held and owed, and its cash, at the end of a block or a day.
     */
    Position: {
      party: components["schemas"]["PartyName"];
      moment: components["schemas"]["Moment"];
      /**
       * Sums
       * @description One for each currency.
       */
      sums: components["schemas"]["PositionSum"][];
      /** Notes */
      notes: components["schemas"]["Held"][];
      /** Debts */
      debts: components["schemas"]["Owed"][];
      /** Cash */
      cash: components["schemas"]["Cash"][];
    };
    /**
     * PositionSum
     * @description A position in one currency. `accepted` is what may be acted on of `held`.
     */
    PositionSum: {
      currency: components["schemas"]["Currency"];
      /** Notes */
      notes: number;
      /**
       * Held
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      held: string;
      /**
       * Accepted
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      accepted: string;
      /**
       * Pledged
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      pledged: string;
      /** Debts */
      debts: number;
      /**
       * Owed
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      owed: string;
      /**
       * Overdue
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      overdue: string;
      /**
       * Paid
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      paid: string;
      /**
       * Received
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      received: string;
    };
    /**
     * Problem
     * @description `type` is stable; `title` and `detail` are in the language of Accept-Language, `_zh` always in Chinese.
     */
    Problem: {
      /** Type */
      type: string;
      /** Status */
      status: number;
      /** Title */
      title: string;
      /** Title Zh */
      title_zh: string;
      /** Detail */
      detail: string;
      /** Detail Zh */
      detail_zh: string;
      /** Evidence */
      evidence: {
        [key: string]: unknown;
      };
      /**
       * Errors
       * @description The fields of a request that are wrong.
       */
      errors?: components["schemas"]["FieldProblem"][] | null;
      /** Request Id */
      request_id?: string | null;
    } & {
      [key: string]: unknown;
    };
    /**
     * ProblemType
     * @description A rule that something may be refused by.
     */
    ProblemType: {
      /** Type */
      type: string;
      /** Title */
      title: string;
      /** Title Zh */
      title_zh: string;
    };
    /** ProblemTypes */
    ProblemTypes: {
      /** Types */
      types: components["schemas"]["ProblemType"][];
    };
    /** Provider */
    Provider: {
      /** Id */
      id: string;
      /** Name Zh */
      name_zh: string;
      /** Name En */
      name_en: string;
    };
    /**
     * ProviderEnrolBody
     * @example {
     *       "token": "as it was handed over"
     *     }
     */
    ProviderEnrolBody: {
      /**
       * Token
       * Format: password
       * @description As the administrator handed it over.
       */
      token: string;
    };
    /** Providers */
    Providers: {
      /** Providers */
      providers: components["schemas"]["Provider"][];
    };
    /**
     * QuoteName
     * @description What a quote is called on the chain. `GET /quotes` tells its terms to those who may know them.
     */
    QuoteName: {
      financier: components["schemas"]["PartyName"];
      /** Nonce */
      nonce: string;
    };
    /**
     * RankedQuote
     * @description A live quote, and the cash it gives today for `amount` of face value.
     */
    RankedQuote: {
      /** Id */
      id: string;
      /** Note */
      note: number;
      seller: components["schemas"]["PartyName"];
      financier: components["schemas"]["PartyName"];
      /**
       * Max Amount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      max_amount: string;
      /** Rate Bps */
      rate_bps: number;
      /** Recourse */
      recourse: boolean;
      /** Registry Reference */
      registry_reference: string;
      /**
       * Valid Until
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      valid_until: string;
      /**
       * Nonce
       * @description With the financier what the quote is called on the chain, as cash names it.
       */
      nonce: string;
      /** Withdrawn */
      withdrawn: boolean;
      /**
       * Amount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      amount: string;
      /**
       * Cash
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      cash: string;
    };
    /**
     * ReassignBody
     * @description What an arbiter's order gives to a party.
     * @example {
     *       "amount": "4000000",
     *       "note": 7,
     *       "order_hash": "0x7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e",
     *       "party": 4,
     *       "to": 5
     *     }
     */
    ReassignBody: {
      /**
       * Party
       * @description The arbiter.
       * @example 3
       */
      party: number;
      /**
       * Note
       * @description A note's id.
       * @example 7
       */
      note: number;
      /**
       * To
       * @description The receiver; the note's debtor: the value is extinguished.
       * @example 3
       */
      to: number;
      /**
       * Amount
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      amount: string;
      /**
       * Order Hash
       * @description Hash of the order; not zero.
       * @example 0x9b2f4c1d6e8a0b3c5d7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c
       */
      order_hash: string;
    };
    /**
     * Reassignment
     * @description Value of a frozen note that an order gives away, once its delay is over. `to`, `amount` and `currency` are null for the
     *     operator. It falls with the freeze.
     */
    Reassignment: {
      /** Id */
      id: number;
      /** Note */
      note: number;
      to: components["schemas"]["PartyName"] | null;
      /** Amount */
      amount: string | null;
      currency: components["schemas"]["Currency"] | null;
      arbiter: components["schemas"]["PartyName"];
      /** Order Hash */
      order_hash: string;
      /**
       * Ready At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      ready_at: string;
      status: components["schemas"]["ChangeStatus"];
    };
    /**
     * Receivable
     * @description A debt. Below its debtor and its first creditor: who owes, when, on which terms; what is not shown is null.
     */
    Receivable: {
      /** Id */
      id: number;
      debtor: components["schemas"]["PartyName"];
      creditor: components["schemas"]["PartyName"] | null;
      /** Root */
      root: number;
      /** Face Value */
      face_value: string | null;
      /** Outstanding */
      outstanding: string | null;
      /** Repaid */
      repaid: string | null;
      /** Extinguished */
      extinguished: string | null;
      /** Cancelled */
      cancelled: string | null;
      currency: components["schemas"]["Currency"];
      /** Delivery Date */
      delivery_date: string | null;
      /** Due Date */
      due_date: string | null;
      /** Confirmed Date */
      confirmed_date: string | null;
      /** Tier Limit */
      tier_limit: number;
      /** Grace Days */
      grace_days: number;
      /** Overdue Rate Bps */
      overdue_rate_bps: number;
      /**
       * Min Child Value
       * @description Least that a note passed on may come to, and least that may be left of it, unless 0.
       * @example 12500000
       */
      min_child_value: string;
      /** Flags */
      flags: (
        "cancelled" | "overdue" | "registry_required" | "long_tenor" | "long_terms" | "round_open" | "round_unfinished"
      )[];
      /**
       * Status
       * @enum {string}
       */
      status: "cancelled" | "outstanding" | "overdue" | "settled";
      /** Evidence Hash */
      evidence_hash: string | null;
      /** Invoices */
      invoices: components["schemas"]["Backing"][] | null;
      /** Notes */
      notes: number | null;
      /** Deepest Tier */
      deepest_tier: number | null;
      source: components["schemas"]["Source"];
    };
    /**
     * Recourse
     * @description A note that was sold with recourse and is not paid yet. `claim` is what the seller owes for it today: told to the
     *     financier once the debt is declared overdue, to the seller once it is demanded, else null.
     */
    Recourse: {
      /** Note */
      note: number;
      /** Receivable */
      receivable: number;
      debtor: components["schemas"]["PartyName"];
      financier: components["schemas"]["PartyName"];
      seller: components["schemas"]["PartyName"];
      currency: components["schemas"]["Currency"];
      /**
       * Due Date
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      due_date: string;
      /**
       * Amount
       * @description Face value that was sold.
       * @example 12500000
       */
      amount: string;
      /**
       * Price
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      price: string;
      /** Rate Bps */
      rate_bps: number;
      /**
       * Sold Date
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      sold_date: string;
      /** Demanded Date */
      demanded_date: string | null;
      /**
       * Status
       * @enum {string}
       */
      status: "standing" | "claimable" | "demanded";
      /** Claim */
      claim: string | null;
    };
    /**
     * RecoveryWord
     * @description EIP-712 typed data, as eth_signTypedData_v4 takes it.
     */
    RecoveryWord: {
      /** Typed Data */
      typed_data: {
        [key: string]: unknown;
      };
    };
    /**
     * RecoveryWordBody
     * @description What an account shall say to take over a party whose keys are lost.
     * @example {
     *       "account": "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
     *       "deadline": "1751422200",
     *       "evidence_hash": "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
     *       "party": 0,
     *       "removed": [
     *         "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
     *       ]
     *     }
     */
    RecoveryWordBody: {
      /**
       * Party
       * @description The network operator.
       * @default 0
       * @constant
       */
      party: 0;
      /**
       * Account
       * @description Shall administer the party: a new account, or one that it has.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Removed
       * @description Accounts that lose every right when it is finished.
       */
      removed: string[];
      /**
       * Evidence Hash
       * @description Hash of the evidence of the account's authority; not zero.
       * @example 0x9b2f4c1d6e8a0b3c5d7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c
       */
      evidence_hash: string;
      /**
       * Deadline
       * @description Unix seconds until which the account's signature counts: beyond the delay of the operator's role, where it has one.
       * @example 12500000
       */
      deadline: string;
    };
    /**
     * Refusal
     * @description An item that was not taken: where, by which rule, and why in both languages.
     */
    Refusal: {
      /** File */
      file: string;
      /** Item */
      item: string;
      /** Number */
      number: string | null;
      /** Rule */
      rule: string;
      /** Reason */
      reason: string;
      /** Reason Zh */
      reason_zh: string;
      /** Params */
      params: {
        [key: string]: unknown;
      };
    };
    /**
     * RelayedBody
     * @description Requests of one act, each with the call it was made for, in order.
     * @example {
     *       "relayed": [
     *         {
     *           "call": {
     *             "account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
     *             "args": [
     *               [
     *                 "7"
     *               ]
     *             ],
     *             "contract": "ReceivableNotes",
     *             "function": "accept"
     *           },
     *           "message": {
     *             "data": "0x19c2",
     *             "deadline": "1751335800",
     *             "from": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
     *             "gas": "118408",
     *             "nonce": "4",
     *             "to": "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
     *             "value": "0"
     *           },
     *           "signature": "0x1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b"
     *         }
     *       ]
     *     }
     */
    RelayedBody: {
      /** Relayed */
      relayed: components["schemas"]["RelayedOne"][];
      /** Approval */
      approval?: string | null;
    };
    /** RelayedOne */
    RelayedOne: {
      call: components["schemas"]["CallBody"];
      message: components["schemas"]["ForwardMessage"];
      /**
       * Signature
       * @description 65 bytes r, s, v.
       * @example 0x02f8b1827a69
       */
      signature: string;
    };
    /**
     * RepayBody
     * @description Exactly one of `notes`, `receivables` and `due_until` says what is paid.
     * @example {
     *       "max_total": "12500000",
     *       "party": 1,
     *       "receivables": [
     *         2
     *       ]
     *     }
     */
    RepayBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /** Notes */
      notes?: number[] | null;
      /** Receivables */
      receivables?: number[] | null;
      /** Due Until */
      due_until?: string | null;
      /** Max Total */
      max_total?: string | null;
    };
    /**
     * Report
     * @description `head` says of whom and of when.
     */
    Report: {
      /** Name */
      name: string;
      /** Title */
      title: string;
      /**
       * Head
       * @example [
       *       "Jianglan Seating Systems Co., Ltd.",
       *       "as of 2025-07-01, block 52"
       *     ]
       */
      head: string[];
      /** Tables */
      tables: components["schemas"]["ReportTable"][];
    };
    /** ReportColumn */
    ReportColumn: {
      /** Key */
      key: string;
      /** Title */
      title: string;
    };
    /**
     * ReportTable
     * @description Cells in the order of the columns: counts and ids as numbers, amounts and figures as decimal text, words in the language
     *     that was asked for.
     */
    ReportTable: {
      /** Key */
      key: string;
      /** Title */
      title: string;
      /** Columns */
      columns: components["schemas"]["ReportColumn"][];
      /** Rows */
      rows: (string | number | null)[][];
    };
    /**
     * Rules
     * @description What holds now. `number` counts the policies; a debt keeps the one that it was confirmed under.
     */
    Rules: {
      /** Number */
      number: number;
      policy: components["schemas"]["Terms"];
      /** Paused */
      paused: boolean;
    };
    /** SearchHit */
    SearchHit: {
      /**
       * Kind
       * @enum {string}
       */
      kind: "note" | "receivable" | "party";
      /** Id */
      id: number;
      /** Label Zh */
      label_zh: string;
      /** Label En */
      label_en: string;
    };
    /** SearchResults */
    SearchResults: {
      /** Results */
      results: components["schemas"]["SearchHit"][];
    };
    /**
     * Severity
     * @enum {string}
     */
    Severity: "high" | "medium" | "low";
    /** SignByCode */
    SignByCode: {
      /**
       * By
       * @constant
       */
      by: "code";
      part: components["schemas"]["Part"];
      /**
       * Code
       * @description Of the authenticator, now.
       * @example 492039
       */
      code: string;
    };
    /** SignByWallet */
    SignByWallet: {
      /**
       * By
       * @constant
       */
      by: "wallet";
      part: components["schemas"]["Part"];
      /**
       * Account
       * @description One's own linked account.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Signature
       * @description Over the approval's typed data (EIP-712).
       * @example 0x02f8b1827a69
       */
      signature: string;
    };
    /**
     * SignInBody
     * @example {
     *       "code": "492039",
     *       "email": "li.wei@jianglan.example",
     *       "keep": "cookie",
     *       "password": "a long sentence that nobody guesses"
     *     }
     */
    SignInBody: {
      /**
       * Email
       * @description The name to sign in by; upper and lower case are one.
       * @example li.wei@jianglan.example
       */
      email: string;
      /**
       * Password
       * Format: password
       * @description As it was chosen.
       */
      password: string;
      /**
       * Code
       * @description Of the authenticator, now.
       * @example 492039
       */
      code: string;
      /**
       * Keep
       * @description `bearer`: the token is in the answer. `cookie`: in an HttpOnly cookie, where no script reads it.
       * @default bearer
       * @enum {string}
       */
      keep: "bearer" | "cookie";
    };
    /**
     * Signature
     * @description Who signed, with which key, when (by the server's clock).
     */
    Signature: {
      part: components["schemas"]["Part"];
      /** Person */
      person: string;
      means: components["schemas"]["KeyKind"];
      /** Account */
      account: string;
      /** Signature */
      signature: string;
      /**
       * At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      at: string;
    };
    /**
     * SignedIn
     * @description `token` is null when it was kept in a cookie.
     */
    SignedIn: {
      /** Session */
      session: string;
      /** Token */
      token: string | null;
      /**
       * Expires At
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      expires_at: string;
      /** Idle S */
      idle_s: number;
      me: components["schemas"]["Me"];
    };
    /** SigningKey */
    SigningKey: {
      /** Account */
      account: string | null;
    };
    /**
     * SigningKeyBody
     * @example {
     *       "code": "492039"
     *     }
     */
    SigningKeyBody: {
      /**
       * Code
       * @description Of the authenticator, now.
       * @example 492039
       */
      code: string;
    };
    /**
     * Source
     * @description Where on the chain a fact comes from.
     */
    Source: {
      /** Tx Hash */
      tx_hash: string;
      /** Block */
      block: number;
      /** Log Index */
      log_index: number;
      /**
       * Time
       * Format: date-time
       * @description An instant in UTC.
       * @example 2025-07-01T02:00:00Z
       */
      time: string;
    };
    /**
     * SplitBody
     * @example {
     *       "party": 3,
     *       "splits": [
     *         {
     *           "note": 7,
     *           "portions": [
     *             {
     *               "amount": "4000000",
     *               "to": 5,
     *               "trade_hash": "0x6f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
     *             }
     *           ]
     *         }
     *       ]
     *     }
     */
    SplitBody: {
      /**
       * Party
       * @description A party's id.
       * @example 3
       */
      party: number;
      /** Splits */
      splits: components["schemas"]["SplitOne"][];
    };
    /** SplitOne */
    SplitOne: {
      /**
       * Note
       * @description A note's id.
       * @example 7
       */
      note: number;
      /** Portions */
      portions: components["schemas"]["PortionBody"][];
    };
    /** Status */
    Status: {
      index: components["schemas"]["Index"];
      /**
       * Demo
       * @description Test money and demo keys.
       */
      demo: boolean;
      /**
       * Today
       * Format: date
       * @description A business date (UTC+8).
       * @example 2025-11-07
       */
      today: string;
      /**
       * Featured Note
       * @description The note to open on.
       */
      featured_note: number | null;
      /** @description Null for a party: they are the whole ledger's. */
      totals: components["schemas"]["Totals"] | null;
      /** Currencies */
      currencies: components["schemas"]["Currency"][];
    };
    /** Sum */
    Sum: {
      /** Currency */
      currency: string;
      /** Amount */
      amount: string;
    };
    /** Sums */
    Sums: {
      currency: components["schemas"]["Currency"];
      /**
       * Financed
       * @description Face value sold.
       * @example 12500000
       */
      financed: string;
      /**
       * Cash Paid
       * @description Cash that sellers got for it.
       * @example 12500000
       */
      cash_paid: string;
      /**
       * Repaid
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      repaid: string;
      /**
       * Outstanding
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      outstanding: string;
    };
    /**
     * Terms
     * @description A policy: days, basis points, minor units.
     */
    Terms: {
      /** Default Tenor Days */
      default_tenor_days: number;
      /** Hard Tenor Days */
      hard_tenor_days: number;
      /** Terms Days */
      terms_days: number;
      /** Tier Limit */
      tier_limit: number;
      /** Grace Days */
      grace_days: number;
      /** Overdue Rate Bps */
      overdue_rate_bps: number;
      /** Offer Lifetime Days */
      offer_lifetime_days: number;
      /**
       * Min Child Value
       * @description Minor units of the currency, as a decimal string.
       * @example 12500000
       */
      min_child_value: string;
      /** Registry Reference Required */
      registry_reference_required: boolean;
    };
    /** Totals */
    Totals: {
      /** Receivables */
      receivables: number;
      /** Notes */
      notes: number;
      /** Max Tier */
      max_tier: number;
      /** Refused */
      refused: number;
      /**
       * Sums
       * @description One for each currency that something is or was owed in.
       */
      sums: components["schemas"]["Sums"][];
    };
    /**
     * Trace
     * @description A note's story: `path` leads from the root to it, `nodes` are the path and everything below the note; both less what
     *     the asker does not see.
     */
    Trace: {
      /** Note */
      note: number;
      receivable: components["schemas"]["Receivable"];
      /** Path */
      path: number[];
      /** Nodes */
      nodes: components["schemas"]["Note"][];
    };
    /** UnsignedAccept */
    UnsignedAccept: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "accept";
      request: components["schemas"]["NotesBody"];
    };
    /** UnsignedApprove */
    UnsignedApprove: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "approve";
      request: components["schemas"]["ApprovalBody"];
    };
    /**
     * UnsignedApproved
     * @description What two people have approved, for the account to sign.
     */
    UnsignedApproved: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "approved";
      request: components["schemas"]["ApprovedBody"];
    };
    /** UnsignedCancelReassignment */
    UnsignedCancelReassignment: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "cancel_reassignment";
      request: components["schemas"]["CancelBody"];
    };
    /** UnsignedConfirm */
    UnsignedConfirm: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "confirm";
      request: components["schemas"]["ConfirmBody"];
    };
    /** UnsignedConsent */
    UnsignedConsent: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "consent";
      request: components["schemas"]["ConsentBody"];
    };
    /** UnsignedDemand */
    UnsignedDemand: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "demand_recourse";
      request: components["schemas"]["NotesBody"];
    };
    /** UnsignedExecuteReassignment */
    UnsignedExecuteReassignment: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "execute_reassignment";
      request: components["schemas"]["ExecuteBody"];
    };
    /** UnsignedFinance */
    UnsignedFinance: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "finance";
      request: components["schemas"]["FinanceBody"];
    };
    /** UnsignedFreeze */
    UnsignedFreeze: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "freeze";
      request: components["schemas"]["OrderBody"];
    };
    /** UnsignedHonour */
    UnsignedHonour: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "honour_recourse";
      request: components["schemas"]["HonourBody"];
    };
    /**
     * UnsignedKeyChange
     * @description For transactions alone: the register of parties takes no relayed requests.
     */
    UnsignedKeyChange: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @enum {string}
       */
      act: "veto_recovery" | "veto_settlement" | "finish_settlement";
      request: components["schemas"]["PartyBody"];
    };
    /** UnsignedNotice */
    UnsignedNotice: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "notify_debtor";
      request: components["schemas"]["NotesBody"];
    };
    /** UnsignedReassign */
    UnsignedReassign: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "reassign";
      request: components["schemas"]["ReassignBody"];
    };
    /** UnsignedRefuse */
    UnsignedRefuse: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "refuse";
      request: components["schemas"]["NotesBody"];
    };
    /** UnsignedRelease */
    UnsignedRelease: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "release";
      request: components["schemas"]["OrderBody"];
    };
    /** UnsignedRepay */
    UnsignedRepay: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "repay";
      request: components["schemas"]["RepayBody"];
    };
    /** UnsignedSplit */
    UnsignedSplit: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "split";
      request: components["schemas"]["SplitBody"];
    };
    /** UnsignedWithdraw */
    UnsignedWithdraw: {
      /**
       * Account
       * @description The account that signs, with the right to act for the party.
       * @example 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
       */
      account: string;
      /**
       * Act
       * @constant
       */
      act: "withdraw";
      request: components["schemas"]["NotesBody"];
    };
    /**
     * WalletSignInBody
     * @example {
     *       "keep": "bearer",
     *       "message": "cascade.example wants you to …",
     *       "signature": "0x1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b"
     *     }
     */
    WalletSignInBody: {
      /**
       * Message
       * Format: password
       * @description The EIP-4361 message, exactly as it was signed.
       */
      message: string;
      /**
       * Signature
       * @description r, s, v; or a contract account's own.
       */
      signature: string;
      /**
       * Keep
       * @description `bearer`: the token is in the answer. `cookie`: in an HttpOnly cookie, where no script reads it.
       * @default bearer
       * @enum {string}
       */
      keep: "bearer" | "cookie";
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
