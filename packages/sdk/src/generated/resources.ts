// Made from the OpenAPI document of the hub by `npm run sdk`; a test says when it is not current.
import type { List } from '../list.ts'
import type { RequestOptions } from '../transport.ts'
import type { Answer, Body, Item, Query } from '../types.ts'
import type { components } from './openapi.ts'

export type Payment = components['schemas']['Payment']
export type Account = components['schemas']['Account']
export type NameEnquiry = components['schemas']['NameEnquiry']
export type Approval = components['schemas']['Approval']
export type Beneficiary = components['schemas']['Beneficiary']
export type Client = components['schemas']['Client']
export type Customer = components['schemas']['Customer']
export type Person = components['schemas']['Person']
export type Dispute = components['schemas']['Dispute']
export type Break = components['schemas']['Break']
export type Event = components['schemas']['Event']

/** Every operation, by the path that it has. */
export type Resources = {
  readonly accounts: {
    /** Open an account. `POST /v1/accounts` */
    readonly create: (body: Body<'/v1/accounts', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/accounts', 'post'>>
    readonly entries: {
      /** Statement, newest first. `GET /v1/accounts/{id}/entries` */
      readonly list: (id: string, query?: Query<'/v1/accounts/{id}/entries', 'get'>, options?: RequestOptions) => List<Item<'/v1/accounts/{id}/entries', 'get'>>
    }
    /** Freeze an account. `POST /v1/accounts/{id}/freeze` */
    readonly freeze: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/accounts/{id}/freeze', 'post'>>
    /** One account. `GET /v1/accounts/{id}` */
    readonly get: (id: string, query?: Query<'/v1/accounts/{id}', 'get'>, options?: RequestOptions) => Promise<Answer<'/v1/accounts/{id}', 'get'>>
    readonly liens: {
      /** Put an amount under lien. `POST /v1/accounts/{id}/liens` */
      readonly create: (id: string, body: Body<'/v1/accounts/{id}/liens', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/accounts/{id}/liens', 'post'>>
      /** Release a lien. `DELETE /v1/accounts/{id}/liens/{lienId}` */
      readonly delete: (id: string, lienId: string, options?: RequestOptions) => Promise<Answer<'/v1/accounts/{id}/liens/{lienId}', 'delete'>>
      /** What is under lien. `GET /v1/accounts/{id}/liens` */
      readonly list: (id: string, options?: RequestOptions) => List<Item<'/v1/accounts/{id}/liens', 'get'>>
    }
    /** All accounts, newest first. `GET /v1/accounts` */
    readonly list: (query?: Query<'/v1/accounts', 'get'>, options?: RequestOptions) => List<Item<'/v1/accounts', 'get'>>
    readonly statement: {
      /** The statement of an account, as a PDF, CSV or a workbook. `GET /v1/accounts/{id}/statement` */
      readonly get: (id: string, query?: Query<'/v1/accounts/{id}/statement', 'get'>, options?: RequestOptions) => Promise<Response>
    }
    /** Open a frozen account. `POST /v1/accounts/{id}/unfreeze` */
    readonly unfreeze: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/accounts/{id}/unfreeze', 'post'>>
    /** Record consent. `PATCH /v1/accounts/{id}` */
    readonly update: (id: string, body: Body<'/v1/accounts/{id}', 'patch'>, options?: RequestOptions) => Promise<Answer<'/v1/accounts/{id}', 'patch'>>
  }
  readonly approvalRules: {
    /** Make a rule. `POST /v1/approval-rules` */
    readonly create: (body: Body<'/v1/approval-rules', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/approval-rules', 'post'>>
    /** End a rule. `DELETE /v1/approval-rules/{id}` */
    readonly delete: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/approval-rules/{id}', 'delete'>>
    /** When something needs approval, and whose. `GET /v1/approval-rules` */
    readonly list: (options?: RequestOptions) => List<Item<'/v1/approval-rules', 'get'>>
  }
  readonly approvals: {
    /** Approve. `POST /v1/approvals/{id}/approve` */
    readonly approve: (id: string, body: Body<'/v1/approvals/{id}/approve', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/approvals/{id}/approve', 'post'>>
    /** One approval. `GET /v1/approvals/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/approvals/{id}', 'get'>>
    /** What waits for approval, newest first. `GET /v1/approvals` */
    readonly list: (query?: Query<'/v1/approvals', 'get'>, options?: RequestOptions) => List<Item<'/v1/approvals', 'get'>>
    /** Reject. `POST /v1/approvals/{id}/reject` */
    readonly reject: (id: string, body: Body<'/v1/approvals/{id}/reject', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/approvals/{id}/reject', 'post'>>
  }
  readonly audit: {
    readonly acts: {
      readonly export: {
        /** The audit chain as a file: all of it, or what fits the filters. `GET /v1/audit/acts/export` */
        readonly get: (query?: Query<'/v1/audit/acts/export', 'get'>, options?: RequestOptions) => Promise<Response>
      }
      /** What was done, by whom, newest first. `GET /v1/audit/acts` */
      readonly list: (query?: Query<'/v1/audit/acts', 'get'>, options?: RequestOptions) => List<Item<'/v1/audit/acts', 'get'>>
    }
    readonly verification: {
      /** Verify the tenant's audit chain, from its first act to its last. `POST /v1/audit/verification` */
      readonly create: (options?: RequestOptions) => Promise<Answer<'/v1/audit/verification', 'post'>>
      /** What the last verification of the audit chain found. `GET /v1/audit/verification` */
      readonly get: (options?: RequestOptions) => Promise<Answer<'/v1/audit/verification', 'get'>>
    }
  }
  readonly banks: {
    /** Banks, by code. `GET /v1/banks` */
    readonly list: (query?: Query<'/v1/banks', 'get'>, options?: RequestOptions) => List<Item<'/v1/banks', 'get'>>
  }
  readonly beneficiaries: {
    /** Register a beneficiary. `POST /v1/beneficiaries` */
    readonly create: (body: Body<'/v1/beneficiaries', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/beneficiaries', 'post'>>
    /** End a beneficiary. `DELETE /v1/beneficiaries/{id}` */
    readonly delete: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/beneficiaries/{id}', 'delete'>>
    /** One beneficiary. `GET /v1/beneficiaries/{id}` */
    readonly get: (id: string, query?: Query<'/v1/beneficiaries/{id}', 'get'>, options?: RequestOptions) => Promise<Answer<'/v1/beneficiaries/{id}', 'get'>>
    /** Whom you pay, newest first. `GET /v1/beneficiaries` */
    readonly list: (query?: Query<'/v1/beneficiaries', 'get'>, options?: RequestOptions) => List<Item<'/v1/beneficiaries', 'get'>>
  }
  readonly breaks: {
    /** Give a break to somebody. `POST /v1/breaks/{id}/assign` */
    readonly assign: (id: string, body: Body<'/v1/breaks/{id}/assign', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/breaks/{id}/assign', 'post'>>
    readonly comments: {
      /** Say something of a break. `POST /v1/breaks/{id}/comments` */
      readonly create: (id: string, body: Body<'/v1/breaks/{id}/comments', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/breaks/{id}/comments', 'post'>>
    }
    /** One break, explained. `GET /v1/breaks/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/breaks/{id}', 'get'>>
    /** Breaks, the latest first. `GET /v1/breaks` */
    readonly list: (query?: Query<'/v1/breaks', 'get'>, options?: RequestOptions) => List<Item<'/v1/breaks', 'get'>>
    /** Say how a break is settled, with evidence. `POST /v1/breaks/{id}/resolve` */
    readonly resolve: (id: string, body: Body<'/v1/breaks/{id}/resolve', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/breaks/{id}/resolve', 'post'>>
  }
  readonly clients: {
    /** Let a program act for you. `POST /v1/clients` */
    readonly create: (body: Body<'/v1/clients', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/clients', 'post'>>
    /** End a program and all its keys. `DELETE /v1/clients/{id}` */
    readonly delete: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/clients/{id}', 'delete'>>
    /** One program and its keys. `GET /v1/clients/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/clients/{id}', 'get'>>
    readonly keys: {
      /** Make a key. `POST /v1/clients/{id}/keys` */
      readonly create: (id: string, body: Body<'/v1/clients/{id}/keys', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/clients/{id}/keys', 'post'>>
      /** Revoke a key. `DELETE /v1/clients/{id}/keys/{keyId}` */
      readonly delete: (id: string, keyId: string, options?: RequestOptions) => Promise<Answer<'/v1/clients/{id}/keys/{keyId}', 'delete'>>
    }
    /** All programs that may act for you. `GET /v1/clients` */
    readonly list: (options?: RequestOptions) => List<Item<'/v1/clients', 'get'>>
    readonly signingKeys: {
      /** Register a public key for signatures. `POST /v1/clients/{id}/signing-keys` */
      readonly create: (id: string, body: Body<'/v1/clients/{id}/signing-keys', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/clients/{id}/signing-keys', 'post'>>
      /** Revoke a public key for signatures. `DELETE /v1/clients/{id}/signing-keys/{keyId}` */
      readonly delete: (id: string, keyId: string, options?: RequestOptions) => Promise<Answer<'/v1/clients/{id}/signing-keys/{keyId}', 'delete'>>
    }
    readonly tokenKeys: {
      /** Register a public key for tokens. `POST /v1/clients/{id}/token-keys` */
      readonly create: (id: string, body: Body<'/v1/clients/{id}/token-keys', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/clients/{id}/token-keys', 'post'>>
      /** Revoke a public key for tokens. `DELETE /v1/clients/{id}/token-keys/{keyId}` */
      readonly delete: (id: string, keyId: string, options?: RequestOptions) => Promise<Answer<'/v1/clients/{id}/token-keys/{keyId}', 'delete'>>
      /** The keys that a program gets tokens with. `GET /v1/clients/{id}/token-keys` */
      readonly list: (id: string, options?: RequestOptions) => List<Item<'/v1/clients/{id}/token-keys', 'get'>>
    }
  }
  readonly compensation: {
    /** Compensation for one late payment. `GET /v1/compensation/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/compensation/{id}', 'get'>>
    /** Compensation for late money. `GET /v1/compensation` */
    readonly list: (query?: Query<'/v1/compensation', 'get'>, options?: RequestOptions) => List<Item<'/v1/compensation', 'get'>>
    /** Ask that compensation goes to another account of its customer. `POST /v1/compensation/{id}/pay-elsewhere` */
    readonly payElsewhere: (id: string, body: Body<'/v1/compensation/{id}/pay-elsewhere', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/compensation/{id}/pay-elsewhere', 'post'>>
  }
  readonly customers: {
    /** Make a customer. `POST /v1/customers` */
    readonly create: (body: Body<'/v1/customers', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/customers', 'post'>>
    readonly factors: {
      /** Enrol a factor. `POST /v1/customers/{id}/factors` */
      readonly create: (id: string, body: Body<'/v1/customers/{id}/factors', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/customers/{id}/factors', 'post'>>
      /** Revoke a factor. `DELETE /v1/customers/{id}/factors/{factorId}` */
      readonly delete: (id: string, factorId: string, options?: RequestOptions) => Promise<Answer<'/v1/customers/{id}/factors/{factorId}', 'delete'>>
      /** The factors of a customer. `GET /v1/customers/{id}/factors` */
      readonly list: (id: string, options?: RequestOptions) => List<Item<'/v1/customers/{id}/factors', 'get'>>
      /** Prove a factor that was begun. `POST /v1/customers/{id}/factors/{factorId}/prove` */
      readonly prove: (id: string, factorId: string, body: Body<'/v1/customers/{id}/factors/{factorId}/prove', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/customers/{id}/factors/{factorId}/prove', 'post'>>
      /** Begin anew: revoke all factors and unlock. `POST /v1/customers/{id}/factors/reset` */
      readonly reset: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/customers/{id}/factors/reset', 'post'>>
    }
    /** One customer. `GET /v1/customers/{id}` */
    readonly get: (id: string, query?: Query<'/v1/customers/{id}', 'get'>, options?: RequestOptions) => Promise<Answer<'/v1/customers/{id}', 'get'>>
    /** Customers, newest first. `GET /v1/customers` */
    readonly list: (query?: Query<'/v1/customers', 'get'>, options?: RequestOptions) => List<Item<'/v1/customers', 'get'>>
    /** Let payments of a customer go again. `POST /v1/customers/{id}/resume` */
    readonly resume: (id: string, body: Body<'/v1/customers/{id}/resume', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/customers/{id}/resume', 'post'>>
    /** Stop all payments of a customer. `POST /v1/customers/{id}/stop` */
    readonly stop: (id: string, body: Body<'/v1/customers/{id}/stop', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/customers/{id}/stop', 'post'>>
    /** Change a customer. `PATCH /v1/customers/{id}` */
    readonly update: (id: string, body: Body<'/v1/customers/{id}', 'patch'>, options?: RequestOptions) => Promise<Answer<'/v1/customers/{id}', 'patch'>>
  }
  readonly disputes: {
    readonly actions: {
      /** Say what follows in a dispute: accept, represent, pre-arbitration, arbitration, withdraw …. `POST /v1/disputes/{id}/actions` */
      readonly create: (id: string, body: Body<'/v1/disputes/{id}/actions', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/disputes/{id}/actions', 'post'>>
    }
    /** Tell NPCI of a complaint now, over the wire. `POST /v1/disputes/{id}/complaint` */
    readonly complaint: (id: string, body: Body<'/v1/disputes/{id}/complaint', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/disputes/{id}/complaint', 'post'>>
    /** Raise a dispute, or give a credit in good faith. `POST /v1/disputes` */
    readonly create: (body: Body<'/v1/disputes', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/disputes', 'post'>>
    /** Agree to what this bank does by itself, or drop it. `POST /v1/disputes/{id}/decision` */
    readonly decision: (id: string, body: Body<'/v1/disputes/{id}/decision', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/disputes/{id}/decision', 'post'>>
    readonly evidence: {
      /** Hand in a paper. `POST /v1/disputes/{id}/evidence` */
      readonly create: (id: string, file: Uint8Array, query: Query<'/v1/disputes/{id}/evidence', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/disputes/{id}/evidence', 'post'>>
      /** A paper, as it was handed in. `GET /v1/disputes/{id}/evidence/{evidenceId}` */
      readonly get: (id: string, evidenceId: string, options?: RequestOptions) => Promise<Response>
    }
    /** One dispute: what happened, what papers there are, and what may follow by when. `GET /v1/disputes/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/disputes/{id}', 'get'>>
    /** Disputes, newest first. `GET /v1/disputes` */
    readonly list: (query?: Query<'/v1/disputes', 'get'>, options?: RequestOptions) => List<Item<'/v1/disputes', 'get'>>
    readonly status: {
      /** Ask NPCI what became of a complaint. `POST /v1/disputes/{id}/status` */
      readonly create: (id: string, body: Body<'/v1/disputes/{id}/status', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/disputes/{id}/status', 'post'>>
    }
  }
  readonly duties: {
    /** Answers that are owed to NPCI, the most urgent first. `GET /v1/duties` */
    readonly list: (query?: Query<'/v1/duties', 'get'>, options?: RequestOptions) => List<Item<'/v1/duties', 'get'>>
  }
  readonly events: {
    /** One event. `GET /v1/events/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/events/{id}', 'get'>>
    /** What happened, oldest first. `GET /v1/events` */
    readonly list: (query?: Query<'/v1/events', 'get'>, options?: RequestOptions) => List<Item<'/v1/events', 'get'>>
    /** Have an event told again. `POST /v1/events/{id}/redeliver` */
    readonly redeliver: (id: string, body: Body<'/v1/events/{id}/redeliver', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/events/{id}/redeliver', 'post'>>
  }
  readonly explanations: {
    /** The whole story of the payments with an RRN. `GET /v1/explanations/{rrn}` */
    readonly get: (rrn: string, options?: RequestOptions) => Promise<Answer<'/v1/explanations/{rrn}', 'get'>>
  }
  readonly feeRates: {
    /** Ask that other rates hold from a day on. `POST /v1/fee-rates` */
    readonly create: (body: Body<'/v1/fee-rates', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/fee-rates', 'post'>>
    /** What NPCI takes per payment. `GET /v1/fee-rates` */
    readonly list: (options?: RequestOptions) => List<Item<'/v1/fee-rates', 'get'>>
  }
  readonly ifsc: {
    /** The bank behind an IFSC. `GET /v1/ifsc/{code}` */
    readonly get: (code: string, options?: RequestOptions) => Promise<Answer<'/v1/ifsc/{code}', 'get'>>
  }
  readonly invitations: {
    /** Accept an invitation, and sign in. `POST /v1/invitations/accept` */
    readonly accept: (body: Body<'/v1/invitations/accept', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/invitations/accept', 'post'>>
    readonly appOptions: {
      /** Begin to set up an authenticator app. `POST /v1/invitations/app-options` */
      readonly create: (body: Body<'/v1/invitations/app-options', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/invitations/app-options', 'post'>>
    }
    /** What an invitation is to. `POST /v1/invitations/look` */
    readonly look: (body: Body<'/v1/invitations/look', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/invitations/look', 'post'>>
    readonly passkeyOptions: {
      /** Begin to make your first passkey. `POST /v1/invitations/passkey-options` */
      readonly create: (body: Body<'/v1/invitations/passkey-options', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/invitations/passkey-options', 'post'>>
    }
  }
  readonly limits: {
    /** Set a limit. `POST /v1/limits` */
    readonly create: (body: Body<'/v1/limits', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/limits', 'post'>>
    /** End a limit. `DELETE /v1/limits/{id}` */
    readonly delete: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/limits/{id}', 'delete'>>
    /** What payments must keep to. `GET /v1/limits` */
    readonly list: (options?: RequestOptions) => List<Item<'/v1/limits', 'get'>>
  }
  readonly nameEnquiries: {
    /** Ask whose account it is. `POST /v1/name-enquiries` */
    readonly create: (body: Body<'/v1/name-enquiries', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/name-enquiries', 'post'>>
    /** One look-up of a name. `GET /v1/name-enquiries/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/name-enquiries/{id}', 'get'>>
  }
  readonly overview: {
    /** How the day goes. `GET /v1/overview` */
    readonly get: (options?: RequestOptions) => Promise<Answer<'/v1/overview', 'get'>>
  }
  readonly paymentLinks: {
    /** Cancel a link that is open. `POST /v1/payment-links/{id}/cancel` */
    readonly cancel: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/payment-links/{id}/cancel', 'post'>>
    /** Ask to be paid. `POST /v1/payment-links` */
    readonly create: (body: Body<'/v1/payment-links', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/payment-links', 'post'>>
    /** One payment link. `GET /v1/payment-links/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/payment-links/{id}', 'get'>>
    /** Payment links, newest first. `GET /v1/payment-links` */
    readonly list: (query?: Query<'/v1/payment-links', 'get'>, options?: RequestOptions) => List<Item<'/v1/payment-links', 'get'>>
    readonly payments: {
      /** What a link was paid, newest first. `GET /v1/payment-links/{id}/payments` */
      readonly list: (id: string, query?: Query<'/v1/payment-links/{id}/payments', 'get'>, options?: RequestOptions) => List<Item<'/v1/payment-links/{id}/payments', 'get'>>
    }
    readonly refunds: {
      /** Give back what came in. `POST /v1/payment-links/{id}/refunds` */
      readonly create: (id: string, body: Body<'/v1/payment-links/{id}/refunds', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/payment-links/{id}/refunds', 'post'>>
    }
  }
  readonly payments: {
    /** Authenticate a payment with the two factors of its customer. `POST /v1/payments/{id}/authenticate` */
    readonly authenticate: (id: string, body: Body<'/v1/payments/{id}/authenticate', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/payments/{id}/authenticate', 'post'>>
    readonly authentication: {
      /** What proves that a payment is its customer’s will. `GET /v1/payments/{id}/authentication` */
      readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/payments/{id}/authentication', 'get'>>
    }
    /** Cancel what has not been sent. `POST /v1/payments/{id}/cancel` */
    readonly cancel: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/payments/{id}/cancel', 'post'>>
    /** The customer complains that the money never arrived. `POST /v1/payments/{id}/complaint` */
    readonly complaint: (id: string, body: Body<'/v1/payments/{id}/complaint', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/payments/{id}/complaint', 'post'>>
    /** Pay. `POST /v1/payments` */
    readonly create: (body: Body<'/v1/payments', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/payments', 'post'>>
    readonly deliveries: {
      /** Who was told of it, newest try first. `GET /v1/payments/{id}/deliveries` */
      readonly list: (id: string, query?: Query<'/v1/payments/{id}/deliveries', 'get'>, options?: RequestOptions) => List<Item<'/v1/payments/{id}/deliveries', 'get'>>
    }
    readonly export: {
      /** The history as CSV or a workbook. `GET /v1/payments/export` */
      readonly get: (query?: Query<'/v1/payments/export', 'get'>, options?: RequestOptions) => Promise<Response>
    }
    /** One payment. `GET /v1/payments/{id}` */
    readonly get: (id: string, query?: Query<'/v1/payments/{id}', 'get'>, options?: RequestOptions) => Promise<Answer<'/v1/payments/{id}', 'get'>>
    /** History. `GET /v1/payments` */
    readonly list: (query?: Query<'/v1/payments', 'get'>, options?: RequestOptions) => List<Item<'/v1/payments', 'get'>>
    readonly messages: {
      /** What was on the wire, element by element. `GET /v1/payments/{id}/messages` */
      readonly list: (id: string, options?: RequestOptions) => List<Item<'/v1/payments/{id}/messages', 'get'>>
    }
    readonly postings: {
      /** What was booked for it, in order. `GET /v1/payments/{id}/postings` */
      readonly list: (id: string, options?: RequestOptions) => List<Item<'/v1/payments/{id}/postings', 'get'>>
    }
    readonly receipt: {
      /** The receipt of a payment, as a PDF. `GET /v1/payments/{id}/receipt` */
      readonly get: (id: string, options?: RequestOptions) => Promise<Response>
    }
    /** Say what became of a payment, with evidence. `POST /v1/payments/{id}/resolve` */
    readonly resolve: (id: string, body: Body<'/v1/payments/{id}/resolve', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/payments/{id}/resolve', 'post'>>
    readonly settlement: {
      /** Its cycle, what NPCI's files say of it, and what is open. `GET /v1/payments/{id}/settlement` */
      readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/payments/{id}/settlement', 'get'>>
    }
    /** Ask the switch now. `POST /v1/payments/{id}/verify` */
    readonly verify: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/payments/{id}/verify', 'post'>>
  }
  readonly people: {
    /** Invite a person. `POST /v1/people` */
    readonly create: (body: Body<'/v1/people', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/people', 'post'>>
    /** Let a person in no more. `POST /v1/people/{id}/disable` */
    readonly disable: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/people/{id}/disable', 'post'>>
    /** Let a person in again. `POST /v1/people/{id}/enable` */
    readonly enable: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/people/{id}/enable', 'post'>>
    /** One person. `GET /v1/people/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/people/{id}', 'get'>>
    /** Make an invitation for a person who cannot sign in. `POST /v1/people/{id}/invitation` */
    readonly invitation: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/people/{id}/invitation', 'post'>>
    /** All people who may act for you. `GET /v1/people` */
    readonly list: (options?: RequestOptions) => List<Item<'/v1/people', 'get'>>
    readonly me: {
      readonly appOptions: {
        /** Begin to set up an authenticator app. `POST /v1/people/me/app-options` */
        readonly create: (options?: RequestOptions) => Promise<Answer<'/v1/people/me/app-options', 'post'>>
      }
      readonly factors: {
        /** Add a passkey, or set a password. `POST /v1/people/me/factors` */
        readonly create: (body: Body<'/v1/people/me/factors', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/people/me/factors', 'post'>>
        /** Remove a factor. `DELETE /v1/people/me/factors/{id}` */
        readonly delete: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/people/me/factors/{id}', 'delete'>>
        /** Rename a passkey. `PATCH /v1/people/me/factors/{id}` */
        readonly update: (id: string, body: Body<'/v1/people/me/factors/{id}', 'patch'>, options?: RequestOptions) => Promise<Answer<'/v1/people/me/factors/{id}', 'patch'>>
      }
      /** You, your factors, and what happened lately. `GET /v1/people/me` */
      readonly get: (options?: RequestOptions) => Promise<Answer<'/v1/people/me', 'get'>>
      readonly passkeyOptions: {
        /** Begin to make another passkey. `POST /v1/people/me/passkey-options` */
        readonly create: (options?: RequestOptions) => Promise<Answer<'/v1/people/me/passkey-options', 'post'>>
      }
      readonly views: {
        /** Save a view of payments. `POST /v1/people/me/views` */
        readonly create: (body: Body<'/v1/people/me/views', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/people/me/views', 'post'>>
        /** Delete a view. `DELETE /v1/people/me/views/{id}` */
        readonly delete: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/people/me/views/{id}', 'delete'>>
        /** Your views of payments, the oldest first. `GET /v1/people/me/views` */
        readonly list: (options?: RequestOptions) => List<Item<'/v1/people/me/views', 'get'>>
        /** Change a view. `PATCH /v1/people/me/views/{id}` */
        readonly update: (id: string, body: Body<'/v1/people/me/views/{id}', 'patch'>, options?: RequestOptions) => Promise<Answer<'/v1/people/me/views/{id}', 'patch'>>
      }
    }
    /** Reset a person's factors, for somebody who lost them. `POST /v1/people/{id}/reset` */
    readonly reset: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/people/{id}/reset', 'post'>>
    /** End all sessions of a person. `POST /v1/people/{id}/sign-out` */
    readonly signOut: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/people/{id}/sign-out', 'post'>>
    /** Give a person other roles. `PATCH /v1/people/{id}` */
    readonly update: (id: string, body: Body<'/v1/people/{id}', 'patch'>, options?: RequestOptions) => Promise<Answer<'/v1/people/{id}', 'patch'>>
  }
  readonly positions: {
    readonly cap: {
      /** Say what the net debit cap of a bank is from an instant on. `POST /v1/positions/{institution}/cap` */
      readonly create: (institution: string, body: Body<'/v1/positions/{institution}/cap', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/positions/{institution}/cap', 'post'>>
      /** The net debit cap of a bank: what holds, what was said, and which levels were crossed. `GET /v1/positions/{institution}/cap` */
      readonly get: (institution: string, options?: RequestOptions) => Promise<Answer<'/v1/positions/{institution}/cap', 'get'>>
    }
    /** How much of its net debit cap each bank has used. `GET /v1/positions` */
    readonly list: (options?: RequestOptions) => List<Item<'/v1/positions', 'get'>>
  }
  readonly reconciliationRuns: {
    /** Match a cycle. `POST /v1/reconciliation-runs` */
    readonly create: (body: Body<'/v1/reconciliation-runs', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/reconciliation-runs', 'post'>>
    /** One reconciliation run. `GET /v1/reconciliation-runs/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/reconciliation-runs/{id}', 'get'>>
    /** Reconciliation runs, the latest first. `GET /v1/reconciliation-runs` */
    readonly list: (query?: Query<'/v1/reconciliation-runs', 'get'>, options?: RequestOptions) => List<Item<'/v1/reconciliation-runs', 'get'>>
    /** Take a run back. `POST /v1/reconciliation-runs/{id}/roll-back` */
    readonly rollBack: (id: string, body: Body<'/v1/reconciliation-runs/{id}/roll-back', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/reconciliation-runs/{id}/roll-back', 'post'>>
  }
  readonly reports: {
    /** A report, as JSON, CSV, a workbook, or a PDF to print. `GET /v1/reports/{name}` */
    readonly get: (name: string, query?: Query<'/v1/reports/{name}', 'get'>, options?: RequestOptions) => Promise<Response>
    /** The reports that there are. `GET /v1/reports` */
    readonly list: (options?: RequestOptions) => List<Item<'/v1/reports', 'get'>>
  }
  readonly requests: {
    /** What was asked of the API lately, newest first. `GET /v1/requests` */
    readonly list: (query?: Query<'/v1/requests', 'get'>, options?: RequestOptions) => List<Item<'/v1/requests', 'get'>>
  }
  /** Let payments go again. `POST /v1/resume` */
  readonly resume: (options?: RequestOptions) => Promise<Answer<'/v1/resume', 'post'>>
  readonly risk: {
    /** Pay nothing to or from an account or a mobile. `POST /v1/risk/block` */
    readonly block: (body: Body<'/v1/risk/block', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/risk/block', 'post'>>
    readonly flags: {
      /** Close a flag. `POST /v1/risk/flags/{id}/close` */
      readonly close: (id: string, body: Body<'/v1/risk/flags/{id}/close', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/risk/flags/{id}/close', 'post'>>
      /** What people should look at, newest first. `GET /v1/risk/flags` */
      readonly list: (query?: Query<'/v1/risk/flags', 'get'>, options?: RequestOptions) => List<Item<'/v1/risk/flags', 'get'>>
    }
    readonly rules: {
      /** The rules of risk. `GET /v1/risk/rules` */
      readonly list: (options?: RequestOptions) => List<Item<'/v1/risk/rules', 'get'>>
      /** Set the rules of risk. `PUT /v1/risk/rules` */
      readonly replace: (body: Body<'/v1/risk/rules', 'put'>, options?: RequestOptions) => Promise<Answer<'/v1/risk/rules', 'put'>>
    }
    /** Let an account or a mobile pay and be paid again. `POST /v1/risk/unblock` */
    readonly unblock: (body: Body<'/v1/risk/unblock', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/risk/unblock', 'post'>>
  }
  readonly sandbox: {
    /** Cut a settlement cycle and produce its files. `POST /sandbox/cycle` */
    readonly cycle: (body: Body<'/sandbox/cycle', 'post'>, options?: RequestOptions) => Promise<Answer<'/sandbox/cycle', 'post'>>
    readonly disputes: {
      /** The other bank of a payment raises a dispute. `POST /sandbox/disputes` */
      readonly create: (body: Body<'/sandbox/disputes', 'post'>, options?: RequestOptions) => Promise<Answer<'/sandbox/disputes', 'post'>>
    }
    readonly faults: {
      /** Faults on the switch. `POST /sandbox/faults` */
      readonly create: (body: Body<'/sandbox/faults', 'post'>, options?: RequestOptions) => Promise<Answer<'/sandbox/faults', 'post'>>
    }
    /** A credit arrives from another bank. `POST /sandbox/inward` */
    readonly inward: (body: Body<'/sandbox/inward', 'post'>, options?: RequestOptions) => Promise<Answer<'/sandbox/inward', 'post'>>
    readonly messages: {
      /** The last messages to your customers, newest first. `GET /sandbox/messages` */
      readonly list: (query?: Query<'/sandbox/messages', 'get'>, options?: RequestOptions) => List<Item<'/sandbox/messages', 'get'>>
    }
  }
  readonly sessions: {
    /** Sign in. `POST /v1/sessions` */
    readonly create: (body: Body<'/v1/sessions', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/sessions', 'post'>>
    readonly current: {
      /** Sign out. `DELETE /v1/sessions/current` */
      readonly delete: (options?: RequestOptions) => Promise<Answer<'/v1/sessions/current', 'delete'>>
      /** This session, with its CSRF token. `GET /v1/sessions/current` */
      readonly get: (options?: RequestOptions) => Promise<Answer<'/v1/sessions/current', 'get'>>
      readonly passkeyOptions: {
        /** Begin to prove again who you are, with a passkey. `POST /v1/sessions/current/passkey-options` */
        readonly create: (options?: RequestOptions) => Promise<Answer<'/v1/sessions/current/passkey-options', 'post'>>
      }
      /** Prove again who you are. `POST /v1/sessions/current/reauthenticate` */
      readonly reauthenticate: (body: Body<'/v1/sessions/current/reauthenticate', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/sessions/current/reauthenticate', 'post'>>
    }
    /** End one of your sessions. `DELETE /v1/sessions/{id}` */
    readonly delete: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/sessions/{id}', 'delete'>>
    /** Your sessions. `GET /v1/sessions` */
    readonly list: (options?: RequestOptions) => List<Item<'/v1/sessions', 'get'>>
    readonly passkeyOptions: {
      /** Begin to sign in with a passkey. `POST /v1/sessions/passkey-options` */
      readonly create: (options?: RequestOptions) => Promise<Answer<'/v1/sessions/passkey-options', 'post'>>
    }
  }
  readonly settlementCycles: {
    /** The settlement cycles of a day, and which of their files are here. `GET /v1/settlement-cycles` */
    readonly list: (query?: Query<'/v1/settlement-cycles', 'get'>, options?: RequestOptions) => List<Item<'/v1/settlement-cycles', 'get'>>
    /** Try a cycle again that fails. `POST /v1/settlement-cycles/retry` */
    readonly retry: (body: Body<'/v1/settlement-cycles/retry', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/settlement-cycles/retry', 'post'>>
  }
  readonly settlementFiles: {
    readonly content: {
      /** A refused file, as it came. `GET /v1/settlement-files/{id}/content` */
      readonly get: (id: string, options?: RequestOptions) => Promise<Response>
    }
    /** Hand in a settlement file. `POST /v1/settlement-files` */
    readonly create: (file: Uint8Array, query: Query<'/v1/settlement-files', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/settlement-files', 'post'>>
    /** One settlement file. `GET /v1/settlement-files/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/settlement-files/{id}', 'get'>>
    /** Settlement files, the latest first. `GET /v1/settlement-files` */
    readonly list: (query?: Query<'/v1/settlement-files', 'get'>, options?: RequestOptions) => List<Item<'/v1/settlement-files', 'get'>>
  }
  /** Stop all payments. `POST /v1/stop` */
  readonly stop: (options?: RequestOptions) => Promise<Answer<'/v1/stop', 'post'>>
  readonly stopped: {
    /** Whether all payments are stopped. `GET /v1/stopped` */
    readonly get: (options?: RequestOptions) => Promise<Answer<'/v1/stopped', 'get'>>
  }
  readonly system: {
    /** Versions, links, certificates and the database. `GET /v1/system` */
    readonly get: (options?: RequestOptions) => Promise<Answer<'/v1/system', 'get'>>
  }
  readonly uploadFiles: {
    /** Hand in what NPCI made of the rows of a file. `POST /v1/upload-files/{id}/answer` */
    readonly answer: (id: string, body: Body<'/v1/upload-files/{id}/answer', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/upload-files/{id}/answer', 'post'>>
    /** One file for NPCI, with its rows. `GET /v1/upload-files/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/upload-files/{id}', 'get'>>
    /** Files for NPCI, the latest first. `GET /v1/upload-files` */
    readonly list: (query?: Query<'/v1/upload-files', 'get'>, options?: RequestOptions) => List<Item<'/v1/upload-files', 'get'>>
    /** Ask that a file may leave for NPCI. `POST /v1/upload-files/{id}/release` */
    readonly release: (id: string, body: Body<'/v1/upload-files/{id}/release', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/upload-files/{id}/release', 'post'>>
    /** Take a file back that has not left. `POST /v1/upload-files/{id}/withdraw` */
    readonly withdraw: (id: string, body: Body<'/v1/upload-files/{id}/withdraw', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/upload-files/{id}/withdraw', 'post'>>
  }
  readonly wallet: {
    readonly accounts: {
      readonly entries: {
        /** Statement of one of your accounts, newest first. `GET /v1/wallet/accounts/{id}/entries` */
        readonly list: (id: string, query?: Query<'/v1/wallet/accounts/{id}/entries', 'get'>, options?: RequestOptions) => List<Item<'/v1/wallet/accounts/{id}/entries', 'get'>>
      }
      /** One of your accounts. `GET /v1/wallet/accounts/{id}` */
      readonly get: (id: string, query?: Query<'/v1/wallet/accounts/{id}', 'get'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/accounts/{id}', 'get'>>
      readonly statement: {
        /** Statement of one of your accounts, to keep or to print. `GET /v1/wallet/accounts/{id}/statement` */
        readonly get: (id: string, query?: Query<'/v1/wallet/accounts/{id}/statement', 'get'>, options?: RequestOptions) => Promise<Response>
      }
    }
    readonly codes: {
      /** Ask for a code to sign in with. `POST /v1/wallet/codes` */
      readonly create: (body: Body<'/v1/wallet/codes', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/codes', 'post'>>
    }
    readonly links: {
      /** What a payment link asks for. `POST /v1/wallet/links` */
      readonly create: (body: Body<'/v1/wallet/links', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/links', 'post'>>
    }
    readonly me: {
      /** You, your accounts and your factors. `GET /v1/wallet/me` */
      readonly get: (options?: RequestOptions) => Promise<Answer<'/v1/wallet/me', 'get'>>
    }
    /** Change the MPIN. `POST /v1/wallet/mpin` */
    readonly mpin: (body: Body<'/v1/wallet/mpin', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/mpin', 'post'>>
    readonly nameEnquiries: {
      /** Ask whose account it is, before paying. `POST /v1/wallet/name-enquiries` */
      readonly create: (body: Body<'/v1/wallet/name-enquiries', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/name-enquiries', 'post'>>
    }
    readonly passkeyOptions: {
      /** Begin to sign in with a passkey. `POST /v1/wallet/passkey-options` */
      readonly create: (options?: RequestOptions) => Promise<Answer<'/v1/wallet/passkey-options', 'post'>>
    }
    readonly passkeys: {
      /** Begin to make a passkey. `POST /v1/wallet/passkeys` */
      readonly create: (options?: RequestOptions) => Promise<Answer<'/v1/wallet/passkeys', 'post'>>
      /** Remove a passkey. `DELETE /v1/wallet/passkeys/{factorId}` */
      readonly delete: (factorId: string, options?: RequestOptions) => Promise<Answer<'/v1/wallet/passkeys/{factorId}', 'delete'>>
      /** Prove a passkey that was begun. `POST /v1/wallet/passkeys/{factorId}/prove` */
      readonly prove: (factorId: string, body: Body<'/v1/wallet/passkeys/{factorId}/prove', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/passkeys/{factorId}/prove', 'post'>>
    }
    readonly payments: {
      /** Prove that a payment is yours, with two factors. `POST /v1/wallet/payments/{id}/authenticate` */
      readonly authenticate: (id: string, body: Body<'/v1/wallet/payments/{id}/authenticate', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/payments/{id}/authenticate', 'post'>>
      /** Cancel what has not been sent. `POST /v1/wallet/payments/{id}/cancel` */
      readonly cancel: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/wallet/payments/{id}/cancel', 'post'>>
      /** Pay from one of your accounts. `POST /v1/wallet/payments` */
      readonly create: (body: Body<'/v1/wallet/payments', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/payments', 'post'>>
      readonly events: {
        /** Follow one of your payments. `GET /v1/wallet/payments/{id}/events` */
        readonly get: (id: string, options?: RequestOptions) => Promise<Response>
      }
      /** One of your payments. `GET /v1/wallet/payments/{id}` */
      readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/wallet/payments/{id}', 'get'>>
      /** What one of your accounts paid and received, newest first. `GET /v1/wallet/payments` */
      readonly list: (query?: Query<'/v1/wallet/payments', 'get'>, options?: RequestOptions) => List<Item<'/v1/wallet/payments', 'get'>>
    }
    readonly requests: {
      /** Ask to be paid. `POST /v1/wallet/requests` */
      readonly create: (body: Body<'/v1/wallet/requests', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/requests', 'post'>>
    }
    /** Let payments go again. `POST /v1/wallet/resume` */
    readonly resume: (options?: RequestOptions) => Promise<Answer<'/v1/wallet/resume', 'post'>>
    readonly sessions: {
      /** Sign in to a wallet. `POST /v1/wallet/sessions` */
      readonly create: (body: Body<'/v1/wallet/sessions', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/wallet/sessions', 'post'>>
      readonly current: {
        /** Sign out. `DELETE /v1/wallet/sessions/current` */
        readonly delete: (options?: RequestOptions) => Promise<Answer<'/v1/wallet/sessions/current', 'delete'>>
        /** This session, with its CSRF token. `GET /v1/wallet/sessions/current` */
        readonly get: (options?: RequestOptions) => Promise<Answer<'/v1/wallet/sessions/current', 'get'>>
      }
    }
    /** Stop everything that leaves your accounts. `POST /v1/wallet/stop` */
    readonly stop: (options?: RequestOptions) => Promise<Answer<'/v1/wallet/stop', 'post'>>
  }
  readonly webhookEndpoints: {
    readonly attempts: {
      /** What was tried, newest first. `GET /v1/webhook-endpoints/{id}/attempts` */
      readonly list: (id: string, query?: Query<'/v1/webhook-endpoints/{id}/attempts', 'get'>, options?: RequestOptions) => List<Item<'/v1/webhook-endpoints/{id}/attempts', 'get'>>
    }
    /** Have somebody told. `POST /v1/webhook-endpoints` */
    readonly create: (body: Body<'/v1/webhook-endpoints', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/webhook-endpoints', 'post'>>
    readonly deadLetters: {
      /** What was given up, newest first. `GET /v1/webhook-endpoints/{id}/dead-letters` */
      readonly list: (id: string, query?: Query<'/v1/webhook-endpoints/{id}/dead-letters', 'get'>, options?: RequestOptions) => List<Item<'/v1/webhook-endpoints/{id}/dead-letters', 'get'>>
    }
    /** End an endpoint. `DELETE /v1/webhook-endpoints/{id}` */
    readonly delete: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/webhook-endpoints/{id}', 'delete'>>
    /** One endpoint. `GET /v1/webhook-endpoints/{id}` */
    readonly get: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/webhook-endpoints/{id}', 'get'>>
    /** Who is told, newest first. `GET /v1/webhook-endpoints` */
    readonly list: (query?: Query<'/v1/webhook-endpoints', 'get'>, options?: RequestOptions) => List<Item<'/v1/webhook-endpoints', 'get'>>
    /** Change the secret of an endpoint. `POST /v1/webhook-endpoints/{id}/rotate-secret` */
    readonly rotateSecret: (id: string, body: Body<'/v1/webhook-endpoints/{id}/rotate-secret', 'post'>, options?: RequestOptions) => Promise<Answer<'/v1/webhook-endpoints/{id}/rotate-secret', 'post'>>
    /** Try an endpoint. `POST /v1/webhook-endpoints/{id}/test` */
    readonly test: (id: string, options?: RequestOptions) => Promise<Answer<'/v1/webhook-endpoints/{id}/test', 'post'>>
    /** Change an endpoint. `PATCH /v1/webhook-endpoints/{id}` */
    readonly update: (id: string, body: Body<'/v1/webhook-endpoints/{id}', 'patch'>, options?: RequestOptions) => Promise<Answer<'/v1/webhook-endpoints/{id}', 'patch'>>
  }
}
