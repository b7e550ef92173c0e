/** Every column with sealed values, and every column with a blind index: what commands about keys go through. A test holds the tables to it. */

export type SealedPlace = {
  readonly table: string
  readonly column: string
  /** By which rows are gone through. */
  readonly key: readonly string[]
  /** Whose text, without dashes, is the row's key for the vault. */
  readonly row: string
  /** Rows without a tenant are the hub's own, tenant 0. */
  readonly tenantless?: true
  /**
   * A person, an account, a factor: in use for years, and no record of something that happened in a month. It is sealed under the month
   * in which it was last written or sealed again, and does not go with an old month.
   */
  readonly lasting?: true
}

export const sealedPlaces: readonly SealedPlace[] = [
  { table: 'account', column: 'sealed', key: ['lane', 'account_id'], row: 'account_id', lasting: true },
  { table: 'payment', column: 'sealed', key: ['payment_id'], row: 'payment_id' },
  { table: 'payment', column: 'registered', key: ['payment_id'], row: 'payment_id' },
  { table: 'payment', column: 'sealed_answer', key: ['payment_id'], row: 'payment_id' },
  { table: 'name_enquiry', column: 'sealed', key: ['enquiry_id'], row: 'enquiry_id' },
  { table: 'unmatched_answer', column: 'sealed', key: ['answer_id'], row: 'answer_id', tenantless: true },
  { table: 'approval_request', column: 'content', key: ['approval_id'], row: 'approval_id' },
  { table: 'beneficiary', column: 'sealed', key: ['beneficiary_id'], row: 'beneficiary_id', lasting: true },
  { table: 'customer', column: 'sealed', key: ['customer_id'], row: 'public_id', lasting: true },
  { table: 'person', column: 'sealed', key: ['person_id'], row: 'person_id', lasting: true },
  { table: 'credential', column: 'sealed', key: ['credential_id'], row: 'credential_id', lasting: true },
  { table: 'factor', column: 'sealed', key: ['factor_id'], row: 'factor_id', lasting: true },
  { table: 'upload_file', column: 'sealed', key: ['upload_id'], row: 'upload_id' },
  { table: 'upload_row', column: 'sealed', key: ['row_id'], row: 'row_id' },
  { table: 'evidence_file', column: 'sealed', key: ['evidence_id'], row: 'evidence_id' },
  { table: 'evidence_file', column: 'content', key: ['evidence_id'], row: 'evidence_id' },
  { table: 'break_comment', column: 'sealed', key: ['comment_id'], row: 'comment_id' },
  { table: 'raw_archive', column: 'sealed', key: ['archive_id'], row: 'archive_id' },
  { table: 'settlement_file', column: 'sealed', key: ['file_id'], row: 'file_id' },
  { table: 'adjustment_line', column: 'sealed', key: ['line_id'], row: 'line_id' },
  { table: 'timeout_line', column: 'sealed', key: ['line_id'], row: 'line_id' },
  { table: 'statement', column: 'sealed', key: ['statement_id'], row: 'statement_id' },
  { table: 'statement_line', column: 'sealed', key: ['line_id'], row: 'line_id' },
  { table: 'payment_link', column: 'sealed', key: ['link_id'], row: 'link_id' },
  { table: 'webhook_secret', column: 'sealed', key: ['secret_id'], row: 'secret_id', lasting: true },
  { table: 'saved_view', column: 'sealed', key: ['view_id'], row: 'view_id', lasting: true },
  { table: 'webhook_attempt', column: 'sealed', key: ['attempt_id'], row: 'attempt_id' },
]

export type IndexPlace = {
  readonly table: string
  readonly column: string
  /** By which rows are gone through; never the indexed column itself, which changes on the way. */
  readonly by: string
}

export const indexPlaces: readonly IndexPlace[] = [
  { table: 'account', column: 'number_index', by: 'account_id' },
  { table: 'account', column: 'mobile_index', by: 'account_id' },
  { table: 'payment', column: 'other_account', by: 'payment_id' },
  { table: 'payment', column: 'other_mobile', by: 'payment_id' },
  { table: 'beneficiary_seen', column: 'beneficiary', by: 'account_id' },
  { table: 'beneficiary', column: 'what', by: 'beneficiary_id' },
  { table: 'blocked', column: 'what', by: 'tenant_id' },
  { table: 'customer', column: 'mobile_index', by: 'customer_id' },
  { table: 'person', column: 'login_index', by: 'person_id' },
  { table: 'statement', column: 'account_index', by: 'statement_id' },
  { table: 'payment_link', column: 'number_index', by: 'link_id' },
]

export const nameOf = ({ table, column }: { readonly table: string; readonly column: string }): string =>
  `${table}.${column}`
