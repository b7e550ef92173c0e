// Made from the OpenAPI document of the hub by `npm run sdk`; a test says when it is not current.
export interface paths {
    readonly "/v1/payments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * History
         * @description Newest first. All filters together must fit. `from` and `to` are instants of `createdAt`, the first inclusive, the second not; amounts are inclusive; `ifsc` is the beneficiary branch of an outward payment; `account` and `mobile` are looked for on both sides. A page may be short, even empty, while `hasMore` is true: the hub looks at a bounded number of payments per call. Go on with `nextCursor` and the same filters.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description one of requires_approval, requires_authentication, processing, deemed, succeeded, failed, returned, cancelled */
                    readonly status?: "requires_approval" | "requires_authentication" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                    /** @description one of held, sent, unconfirmed, deemed, succeeded, declined, returned, cancelled, refused */
                    readonly state?: "held" | "sent" | "unconfirmed" | "deemed" | "succeeded" | "declined" | "returned" | "cancelled" | "refused";
                    /** @description outward or inward */
                    readonly direction?: "outward" | "inward";
                    /**
                     * @description a retrieval reference number: 12 digits
                     * @example 632609000123
                     */
                    readonly rrn?: string;
                    /**
                     * @description a reference of your own: 1 to 64 characters, none of them a control character
                     * @example INV-42
                     */
                    readonly reference?: string;
                    /** @description an account id of the hub, or an account number on either side of the payment */
                    readonly account?: string;
                    /**
                     * @description an IFSC: four letters, a zero, six letters or digits
                     * @example HDFC0000123
                     */
                    readonly ifsc?: string;
                    /**
                     * @description a mobile number in India: 10 digits, the first 6 to 9
                     * @example 9876543210
                     */
                    readonly mobile?: string;
                    /**
                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                     * @example 150000
                     */
                    readonly minAmount?: string;
                    /**
                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                     * @example 150000
                     */
                    readonly maxAmount?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly from?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly to?: string;
                    /** @description what a search box takes, in 1 to 64 characters: an id, RRN, reference, account, mobile, IFSC, amount in rupees, or the beginning of a name */
                    readonly q?: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly components["schemas"]["Payment"][];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Pay
         * @description Needs an `Idempotency-Key`. The same key with the same body gives the same payment again, as it stands then, with `Idempotency-Replayed: true`. A refusal answers its own request: an earlier one with the same key that was never answered may still be under way, and becomes the one payment of the key. `Prefer: wait=N` (at most 30) holds the answer until the payment is final. With `verifyName` the beneficiary bank is asked for the registered name first; when that is not `to.name`, the payment is refused as `name_mismatch` or waits in `requires_approval`, as the hub is set. A payment to a mobile number and a bank is always looked up.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header: {
                    /**
                     * @description 1 to 255 printable ASCII characters, bare or quoted: one key, one payment, however often it is asked for
                     * @example 7f3c9a52-1d0e-4a86-9e0b-2f5a8c1d7e64
                     */
                    readonly "Idempotency-Key": string;
                    /**
                     * @description `wait=N`: hold the answer until the payment is final, N seconds at most (30)
                     * @example wait=10
                     */
                    readonly Prefer?: string;
                };
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a payment to make */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount: string;
                        /**
                         * @description an account id: acc_ and a number
                         * @example acc_100001
                         */
                        readonly from: string;
                        /** @description a beneficiary whose kind is account, mmid, mobile or beneficiary (one that you have registered) */
                        readonly to: {
                            /** @enum {string} */
                            readonly kind: "account";
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc: string;
                            /**
                             * @description a bank account number: 1 to 30 letters and digits
                             * @example 50100123456789
                             */
                            readonly account: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mmid";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description an MMID: 7 digits
                             * @example 9229123
                             */
                            readonly mmid: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mobile";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description the first four letters of an IFSC of the bank
                             * @example HDFC
                             */
                            readonly bank: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "beneficiary";
                            /** @description a beneficiary id: ben_ and 32 hex digits */
                            readonly id: string;
                        };
                        /**
                         * @description remarks of 1 to 50 ASCII characters
                         * @example rent march
                         */
                        readonly remarks?: string;
                        /**
                         * @description a reference of your own: 1 to 64 characters, none of them a control character
                         * @example INV-42
                         */
                        readonly reference?: string;
                        /**
                         * @description one of mobile, internet, branch, atm, sms, ivr, ussd
                         * @enum {string}
                         */
                        readonly channel?: "mobile" | "internet" | "branch" | "atm" | "sms" | "ivr" | "ussd";
                        /** @description whether the beneficiary bank must first confirm that the account belongs to `to.name` */
                        readonly verifyName?: boolean;
                        /** @description how you authenticated your customer for this payment */
                        readonly authentication?: {
                            /** @description two to five factors, each once */
                            readonly factors: readonly ("mpin" | "pin" | "password" | "sms" | "totp" | "passkey" | "device" | "card" | "fingerprint" | "face")[];
                            /** @description a reference of your own record: 1 to 100 ASCII characters */
                            readonly reference: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly at: string;
                            /** @description a SHA-256 in hex: of what your customer agreed to */
                            readonly digest?: string;
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One payment
         * @description Without the right `details:read` account numbers, mobile numbers and names are masked. `reveal=true` shows them to whoever has `details:reveal`; each look goes into the audit log.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description true: account numbers, mobile numbers and names in full; the look is written down */
                    readonly reveal?: boolean;
                };
                readonly header?: {
                    /**
                     * @description `wait=N`: hold the answer until the payment is final, N seconds at most (30)
                     * @example wait=10
                     */
                    readonly Prefer?: string;
                };
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel what has not been sent
         * @description Only a payment in `held` can be cancelled. Cancelling it again gives the same answer.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask the switch now
         * @description Asks what became of a payment whose outcome is open, within the budget of verifications. The answer moves the payment when it comes: read it again, follow its events, or send `Prefer: wait=N`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: {
                    /**
                     * @description `wait=N`: hold the answer until the payment is final, N seconds at most (30)
                     * @example wait=10
                     */
                    readonly Prefer?: string;
                };
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/overview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How the day goes
         * @description Payments made since midnight in India, and what became of them so far: sums, rates, times; what is unconfirmed, whenever it was made; links, net debit caps, and banks to which payments go wrong now: of at least ten in ten minutes a fifth declined for a technical reason, unconfirmed or deemed; whether the kill switch stops all. `out` is approved and deemed, `in` is credited. Counted every two to five seconds, beside the payments and not in their way; ask as often as you like.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description the day in India, YYYY-MM-DD */
                            readonly day: string;
                            readonly countedAt: string | null;
                            /**
                             * Format: date-time
                             * @description everything made from then on is counted: the start of the day, but for the first moments of a process
                             */
                            readonly countedFrom: string;
                            /** @description paise as a string of digits */
                            readonly out: string;
                            /** @description paise as a string of digits */
                            readonly in: string;
                            readonly outward: {
                                readonly payments: number;
                                /** @description paise as a string of digits */
                                readonly amount: string;
                                readonly succeeded: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                                readonly deemed: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                                readonly businessDeclines: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                                readonly technicalDeclines: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                                readonly returned: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                                readonly open: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                                readonly neverSent: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                            };
                            readonly inward: {
                                readonly payments: number;
                                /** @description paise as a string of digits */
                                readonly amount: string;
                                readonly succeeded: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                                readonly declined: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                                readonly returned: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                };
                            };
                            /** @description of the outward payments that came to an end */
                            readonly rates: {
                                readonly success: number | null;
                                readonly businessDecline: number | null;
                                readonly technicalDecline: number | null;
                                readonly deemed: number | null;
                                readonly returned: number | null;
                            };
                            readonly timeToFinal: {
                                readonly payments: number;
                                readonly p50: number | null;
                                readonly p95: number | null;
                                readonly p99: number | null;
                            };
                            readonly unconfirmed: {
                                readonly payments: number;
                                /** @description paise as a string of digits */
                                readonly amount: string;
                                readonly oldest: {
                                    /** @description a payment id: pay_ and 32 hex digits */
                                    readonly id: string;
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly createdAt: string;
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly resolvesBy: string;
                                } | null;
                            };
                            readonly hours: readonly {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly from: string;
                                readonly outward: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                    readonly succeeded: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                    readonly deemed: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                    readonly businessDeclines: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                    readonly technicalDeclines: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                    readonly returned: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                    readonly open: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                    readonly neverSent: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                };
                                readonly inward: {
                                    readonly payments: number;
                                    /** @description paise as a string of digits */
                                    readonly amount: string;
                                    readonly succeeded: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                    readonly declined: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                    readonly returned: {
                                        readonly payments: number;
                                        /** @description paise as a string of digits */
                                        readonly amount: string;
                                    };
                                };
                            }[];
                            readonly banksInTrouble: readonly {
                                /** @description the first four letters of its IFSCs */
                                readonly bank: string;
                                readonly name: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly since: string;
                                /** @description to that bank, in the last ten minutes */
                                readonly payments: number;
                                readonly technicalDeclines: number;
                                readonly unconfirmed: number;
                                readonly deemed: number;
                                /** @description of them that went wrong: all three together */
                                readonly percent: number;
                            }[];
                            readonly stoppedAt: string | null;
                            readonly links: readonly {
                                readonly id: string;
                                readonly role: string;
                                readonly state: string;
                                readonly usable: boolean;
                                readonly inFlight: number;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly since: string;
                                readonly lastAnswerAt: string | null;
                            }[];
                            /** @description how much of its net debit cap each bank has used; null without the right settlement:read */
                            readonly positions: readonly {
                                readonly institution: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly refreshedAt: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly outward: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly inward: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly used: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly inFlight: string;
                                readonly cap: string | null;
                                readonly usedPercent: number | null;
                                /** @description the highest of 60, 80, 90 and 100 per cent that was crossed, or 0 */
                                readonly level: number;
                                /**
                                 * @description what becomes of new outward payments when the cap is used up: alert (nothing), hold or refuse
                                 * @enum {string}
                                 */
                                readonly onFull: "alert" | "hold" | "refuse";
                                readonly stopped: ("alert" | "hold" | "refuse") | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly countedAt: string;
                            }[] | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/messages": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What was on the wire, element by element
         * @description The hub keeps no copy of what it sends: an original is a function of the payment, and is written again here. Of what banks answer it keeps the code, the registered name and when; of an inward payment the very bytes of its own answer, which repeat the request. Names and numbers are masked, with or without `details:read`.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                /**
                                 * @description sent or received
                                 * @enum {string}
                                 */
                                readonly way: "sent" | "received";
                                /**
                                 * @description original or answer
                                 * @enum {string}
                                 */
                                readonly kind: "original" | "answer";
                                readonly wire: ("iso8583" | "xml") | null;
                                readonly link: string | null;
                                readonly type: string | null;
                                readonly name: string | null;
                                /**
                                 * @description kept: the very bytes; rewritten: as the hub writes this payment; recorded: only what was taken from it is kept
                                 * @enum {string}
                                 */
                                readonly source: "kept" | "rewritten" | "recorded";
                                readonly elements: readonly {
                                    /** @description DE 39, tag 046, or the path of an XML attribute */
                                    readonly element: string;
                                    readonly name: string;
                                    /** @description what is personal is masked, whoever asks */
                                    readonly value: string;
                                    readonly meaning: string | null;
                                    readonly meaningCode: string | null;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/postings": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What was booked for it, in order */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                /** @description what was booked: hold, void, credit, return, … or an event of settlement */
                                readonly kind: string;
                                readonly cycle: string | null;
                                readonly legs: readonly {
                                    /** @description customer, or a code of the chart of accounts such as OUT-CLR */
                                    readonly account: string;
                                    readonly name: string;
                                    /**
                                     * @description debit or credit
                                     * @enum {string}
                                     */
                                    readonly side: "debit" | "credit";
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/settlement": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Its cycle, what NPCI's files say of it, and what is open */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly cycle: {
                                /** @description YYYY-MM-DD/number */
                                readonly cycle: string;
                                /**
                                 * @description file: NPCI's raw file has it there; time: the one that it was made in
                                 * @enum {string}
                                 */
                                readonly source: "file" | "time";
                                /** @description whether that cycle is in the books */
                                readonly settled: boolean;
                            } | null;
                            readonly files: readonly {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly text: string;
                                /** @description the same, in pieces that are read one after the other */
                                readonly parts: readonly {
                                    /** @description names the sentence, so that it can be said in another language */
                                    readonly code: string;
                                    /** @description what stands in it: codes, numbers, a cycle */
                                    readonly values: {
                                        readonly [key: string]: string | number;
                                    };
                                    /** @description the same in English */
                                    readonly text: string;
                                }[];
                            }[];
                            readonly items: readonly {
                                readonly cycle: string;
                                /** @description what NPCI's files say: 00, 08, declined or absent */
                                readonly raw: string;
                                readonly responseCode: string | null;
                                readonly absentCycles: number;
                                readonly duty: string;
                                readonly dueAt: string | null;
                                readonly outcome: string | null;
                                readonly doneAt: string | null;
                            }[];
                            readonly breaks: readonly {
                                readonly type: string;
                                readonly detail: string;
                                readonly said: {
                                    /** @description names the sentence, so that it can be said in another language */
                                    readonly code: string;
                                    /** @description what stands in it: codes, numbers, a cycle */
                                    readonly values: {
                                        readonly [key: string]: string | number;
                                    };
                                    /** @description the same in English */
                                    readonly text: string;
                                } | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly openedAt: string;
                                readonly closedAt: string | null;
                                readonly resolution: string | null;
                                readonly dueAt: string | null;
                            }[];
                            readonly disputes: readonly {
                                readonly family: string;
                                readonly state: string;
                                readonly dueAt: string | null;
                                readonly closedAt: string | null;
                            }[];
                            readonly compensation: readonly {
                                /**
                                 * @description us or them
                                 * @enum {string}
                                 */
                                readonly owedBy: "us" | "them";
                                readonly days: number;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amount: string;
                                readonly state: string;
                                readonly fromOn: string;
                            }[];
                            /** @description what it means now, in plain words */
                            readonly now: string;
                            /** @description the same, sentence by sentence */
                            readonly meaning: readonly {
                                /** @description names the sentence, so that it can be said in another language */
                                readonly code: string;
                                /** @description what stands in it: codes, numbers, a cycle */
                                readonly values: {
                                    readonly [key: string]: string | number;
                                };
                                /** @description the same in English */
                                readonly text: string;
                            }[];
                            /** @description what happens next, and until when */
                            readonly next: readonly {
                                /** @description names the sentence, so that it can be said in another language */
                                readonly code: string;
                                /** @description what stands in it: codes, numbers, a cycle */
                                readonly values: {
                                    readonly [key: string]: string | number;
                                };
                                /** @description the same in English */
                                readonly text: string;
                                readonly by: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The history as CSV or a workbook
         * @description The filters of `GET /v1/payments`, newest first. No cell is a formula; amounts are rupees with two decimals, instants UTC. At most 50000 payments, 10000 in a workbook: of more, none, and a refusal that says so. Account numbers, mobile numbers and names are masked without `details:read`; `reveal=true` shows them to whoever has `details:reveal`. Each export goes into the audit log.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description one of requires_approval, requires_authentication, processing, deemed, succeeded, failed, returned, cancelled */
                    readonly status?: "requires_approval" | "requires_authentication" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                    /** @description one of held, sent, unconfirmed, deemed, succeeded, declined, returned, cancelled, refused */
                    readonly state?: "held" | "sent" | "unconfirmed" | "deemed" | "succeeded" | "declined" | "returned" | "cancelled" | "refused";
                    /** @description outward or inward */
                    readonly direction?: "outward" | "inward";
                    /**
                     * @description a retrieval reference number: 12 digits
                     * @example 632609000123
                     */
                    readonly rrn?: string;
                    /**
                     * @description a reference of your own: 1 to 64 characters, none of them a control character
                     * @example INV-42
                     */
                    readonly reference?: string;
                    /** @description an account id of the hub, or an account number on either side of the payment */
                    readonly account?: string;
                    /**
                     * @description an IFSC: four letters, a zero, six letters or digits
                     * @example HDFC0000123
                     */
                    readonly ifsc?: string;
                    /**
                     * @description a mobile number in India: 10 digits, the first 6 to 9
                     * @example 9876543210
                     */
                    readonly mobile?: string;
                    /**
                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                     * @example 150000
                     */
                    readonly minAmount?: string;
                    /**
                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                     * @example 150000
                     */
                    readonly maxAmount?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly from?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly to?: string;
                    /** @description what a search box takes, in 1 to 64 characters: an id, RRN, reference, account, mobile, IFSC, amount in rupees, or the beginning of a name */
                    readonly q?: string;
                    /** @description true: account numbers, mobile numbers and names in full; the look is written down */
                    readonly reveal?: boolean;
                    /** @description csv or xlsx */
                    readonly format?: "csv" | "xlsx";
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description The payments. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "text/csv": string;
                        readonly "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/receipt": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The receipt of a payment, as a PDF
         * @description It says honestly what is known: a payment that is deemed or unconfirmed is not called paid. Numbers and names are masked.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description The receipt. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/pdf": string;
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/statement": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The statement of an account, as a PDF, CSV or a workbook
         * @description `from` and `to` are days in IST, both inclusive; today where they are left out. Opening and closing balance, and every entry between them, oldest first: at most 50000, 5000 in a PDF. Without the right `details:read` account numbers, mobile numbers and names are masked. `reveal=true` shows them to whoever has `details:reveal`; each look goes into the audit log.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a day in IST, such as 2026-11-27 */
                    readonly from?: string;
                    /** @description a day in IST, such as 2026-11-27 */
                    readonly to?: string;
                    /** @description csv, xlsx or pdf */
                    readonly format?: "csv" | "xlsx" | "pdf";
                    /** @description true: account numbers, mobile numbers and names in full; the look is written down */
                    readonly reveal?: boolean;
                };
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description The statement. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/pdf": string;
                        readonly "text/csv": string;
                        readonly "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/name-enquiries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask whose account it is
         * @description Asks the beneficiary bank for the registered name of an account, or of a mobile number with an MMID or a bank. With `name` (or `to.name`) the two names are compared: `score` is 0 to 100, `match` is what a payment with `verifyName` lets pass. Moves no money. Not available where the bank is on the ISO 8583 rail: IMPS has no name enquiry there.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description whose name to ask for */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a beneficiary whose kind is account, mmid or mobile */
                        readonly to: {
                            /** @enum {string} */
                            readonly kind: "account";
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc: string;
                            /**
                             * @description a bank account number: 1 to 30 letters and digits
                             * @example 50100123456789
                             */
                            readonly account: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mmid";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description an MMID: 7 digits
                             * @example 9229123
                             */
                            readonly mmid: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mobile";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description the first four letters of an IFSC of the bank
                             * @example HDFC
                             */
                            readonly bank: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        };
                        /**
                         * @description a name of 1 to 50 ASCII characters
                         * @example Asha Devi
                         */
                        readonly name?: string;
                        /**
                         * @description an account id: acc_ and a number
                         * @example acc_100001
                         */
                        readonly from?: string;
                        /**
                         * @description one of mobile, internet, branch, atm, sms, ivr, ussd
                         * @enum {string}
                         */
                        readonly channel?: "mobile" | "internet" | "branch" | "atm" | "sms" | "ivr" | "ussd";
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["NameEnquiry"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/name-enquiries/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One look-up of a name */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an enquiry id: enq_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["NameEnquiry"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What waits for approval, newest first
         * @description Payments in `requires_approval` and changes that a rule puts before people. Nobody deciding within the wait (`expiresAt`) gives the money back, or leaves things as they are. With `all=true` also what was decided.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description true: also what was decided */
                    readonly all?: boolean;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly components["schemas"]["Approval"][];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One approval */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an approval id: apr_ and 32 hex digits, or the id of the payment that waits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals/{id}/approve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Approve
         * @description With the last vote that is needed a payment goes on to the rail at once, and a change is made. Whoever made it cannot decide about it, under whatever name. Asked again, the answer is the same. For a payment the answer is the payment, else the approval.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an approval id: apr_ and 32 hex digits, or the id of the payment that waits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description the digest of what you looked at: your vote counts for that and nothing else */
                        readonly digest?: string;
                    } | null;
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"] | components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals/{id}/reject": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Reject
         * @description One vote is enough: the money goes back to the account, or the change is not made. Whoever made it cannot decide about it, under whatever name. Asked again, the answer is the same. For a payment the answer is the payment, else the approval.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an approval id: apr_ and 32 hex digits, or the id of the payment that waits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description the digest of what you looked at: your vote counts for that and nothing else */
                        readonly digest?: string;
                    } | null;
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"] | components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approval-rules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** When something needs approval, and whose */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                /** @enum {string} */
                                readonly subject: "payment" | "beneficiary" | "limits" | "client" | "person" | "resolution" | "upload" | "break" | "compensation" | "fee_rate";
                                readonly overAmount: string | null;
                                /** @description one to five steps; all must be passed, each by people of its own */
                                readonly steps: readonly {
                                    /** @description one to five alternatives */
                                    readonly anyOf: readonly {
                                        /** @enum {string} */
                                        readonly role: "viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator";
                                        /** @description a number of people from 1 to 5 */
                                        readonly count: number;
                                    }[];
                                }[];
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly validFrom: string;
                                readonly validUntil: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Make a rule
         * @description All steps must be passed, each by any one of its alternatives and by people of its own. Of several rules for the same payment the one that asks for most people holds. Where a rule for `limits` exists, a new rule waits for approval itself: 202 and the approval.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description when something needs approval, and whose */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly subject: "payment" | "beneficiary" | "limits" | "client" | "person" | "resolution" | "upload" | "break" | "compensation" | "fee_rate";
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly overAmount?: string;
                        /** @description one to five steps; all must be passed, each by people of its own */
                        readonly steps: readonly {
                            /** @description one to five alternatives */
                            readonly anyOf: readonly {
                                /** @enum {string} */
                                readonly role: "viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator";
                                /** @description a number of people from 1 to 5 */
                                readonly count: number;
                            }[];
                        }[];
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly validFrom?: string;
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly validUntil?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /** @enum {string} */
                            readonly subject: "payment" | "beneficiary" | "limits" | "client" | "person" | "resolution" | "upload" | "break" | "compensation" | "fee_rate";
                            readonly overAmount: string | null;
                            /** @description one to five steps; all must be passed, each by people of its own */
                            readonly steps: readonly {
                                /** @description one to five alternatives */
                                readonly anyOf: readonly {
                                    /** @enum {string} */
                                    readonly role: "viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator";
                                    /** @description a number of people from 1 to 5 */
                                    readonly count: number;
                                }[];
                            }[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly validFrom: string;
                            readonly validUntil: string | null;
                        };
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approval-rules/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * End a rule
         * @description Where a rule for `limits` exists, this waits for approval: 202 and the approval.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a rule id: rul_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
                /** @description It has ended. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/resolve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say what became of a payment, with evidence
         * @description For a payment in `unconfirmed` or `deemed` that no answer and no verification decided, and for one of either direction that NPCI’s settlement file decides otherwise than the hub has it: `settled` (00) or `not_settled` (a decline, or in none of three cycles). It always waits for somebody else: by the rules for `resolution`, or one checker where there is none. Their last vote moves the payment, if nothing else has moved it by then. A `deemed` payment counts as paid at NPCI: it can be found `succeeded` or `returned`, or `not_settled` by NPCI’s own file, never `failed`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what became of a payment, and what shows it */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description one of succeeded, failed, returned, settled, not_settled; the last two by NPCI’s settlement file only
                         * @enum {string}
                         */
                        readonly outcome: "succeeded" | "failed" | "returned" | "settled" | "not_settled";
                        /** @description what shows it: source and reference; fileCode for settled and not_settled; note and sha256 if there are any */
                        readonly evidence: {
                            /**
                             * @description one of npci_settlement_file, npci_dispute_system, beneficiary_bank, remitter_bank_core
                             * @enum {string}
                             */
                            readonly source: "npci_settlement_file" | "npci_dispute_system" | "beneficiary_bank" | "remitter_bank_core";
                            /** @description where it is: the name and line of a file, a dispute number, a letter, of 1 to 100 characters */
                            readonly reference: string;
                            /** @description what it says, in 1 to 1000 characters */
                            readonly note?: string;
                            /** @description what NPCI’s settlement file has of the payment: its response code, or absent */
                            readonly fileCode?: string;
                            /** @description the SHA-256, in hex, of the file or letter */
                            readonly sha256?: string;
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/beneficiaries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Whom you pay, newest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly components["schemas"]["Beneficiary"][];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Register a beneficiary
         * @description Each once. Where a rule for `beneficiary` exists it waits for approval: 202. Whoever registers a beneficiary cannot approve a payment to it. A payment names it as `"to": {"kind": "beneficiary", "id": "ben_…"}`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a beneficiary to register */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a beneficiary whose kind is account, mmid or mobile */
                        readonly to: {
                            /** @enum {string} */
                            readonly kind: "account";
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc: string;
                            /**
                             * @description a bank account number: 1 to 30 letters and digits
                             * @example 50100123456789
                             */
                            readonly account: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mmid";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description an MMID: 7 digits
                             * @example 9229123
                             */
                            readonly mmid: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mobile";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description the first four letters of an IFSC of the bank
                             * @example HDFC
                             */
                            readonly bank: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        };
                        /** @description a label of your own, 1 to 50 characters, none of them a control character */
                        readonly label?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Beneficiary"];
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/beneficiaries/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One beneficiary
         * @description Without the right `details:read` account numbers, mobile numbers and names are masked. `reveal=true` shows them to whoever has `details:reveal`; each look goes into the audit log.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description true: account numbers, mobile numbers and names in full; the look is written down */
                    readonly reveal?: boolean;
                };
                readonly header?: never;
                readonly path: {
                    /** @description a beneficiary id: ben_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Beneficiary"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /**
         * End a beneficiary
         * @description No new payment can name it. Payments to it that wait already go on: cancel them by themselves.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a beneficiary id: ben_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Beneficiary"];
                    };
                };
                /** @description It has ended. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payment-links": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Payment links, newest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description one of open, paid, expired, cancelled */
                    readonly status?: "open" | "paid" | "expired" | "cancelled";
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly account?: string;
                    /**
                     * @description a reference of your own: 1 to 64 characters, none of them a control character
                     * @example INV-42
                     */
                    readonly reference?: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                                readonly id: string;
                                /** @description where the payer pays; whoever has it may see what is asked for */
                                readonly url: string;
                                /**
                                 * @description one of open, paid, expired, cancelled
                                 * @enum {string}
                                 */
                                readonly status: "open" | "paid" | "expired" | "cancelled";
                                readonly amount: string | null;
                                /** @enum {string} */
                                readonly currency: "INR";
                                readonly partial: boolean;
                                /** @enum {string} */
                                readonly uses: "once" | "many";
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amountReceived: string;
                                readonly amountRemaining: string | null;
                                /**
                                 * @description an account id: acc_ and a number
                                 * @example acc_100001
                                 */
                                readonly account: string;
                                readonly reference: string | null;
                                readonly description: string | null;
                                readonly returnUrl: string | null;
                                /** @description an account number made for this link: what is paid into it by IMPS is this link’s */
                                readonly virtualAccount: {
                                    /**
                                     * @description an IFSC: four letters, a zero, six letters or digits
                                     * @example HDFC0000123
                                     */
                                    readonly ifsc: string;
                                    /**
                                     * @description a bank account number: 1 to 30 letters and digits
                                     * @example 50100123456789
                                     */
                                    readonly accountNumber: string;
                                };
                                readonly lastPayment: {
                                    /** @description a payment id: pay_ and 32 hex digits */
                                    readonly payment: string;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /**
                                     * @description a retrieval reference number: 12 digits
                                     * @example 632609000123
                                     */
                                    readonly rrn: string;
                                    /**
                                     * @description exact: as much as was due; part, under: less (in parts, or not asked for so); over: more; late: after the link had ended; repeated: after it was paid
                                     * @enum {string}
                                     */
                                    readonly outcome: "exact" | "part" | "under" | "over" | "late" | "repeated";
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly creditedAt: string;
                                } | null;
                                readonly expiresAt: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly updatedAt: string;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Ask to be paid
         * @description Makes a page for the payer (`url`) and an account number for this order alone (`virtualAccount`): what any bank pays into it by IMPS is credited to `account` and told by `payment_link.*` events. Without `amount` the payer says how much. With an `Idempotency-Key` the same key and body give the link again, as it stands then.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: {
                    /** @description 1 to 255 printable ASCII characters: one key, one link, however often it is asked for */
                    readonly "Idempotency-Key"?: string;
                };
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a payment link to make */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description an account id: acc_ and a number
                         * @example acc_100001
                         */
                        readonly account: string;
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount?: string;
                        /** @description whether it may be paid in parts; only of a link with an amount that is paid once */
                        readonly partial?: boolean;
                        /**
                         * @description once or many
                         * @enum {string}
                         */
                        readonly uses?: "once" | "many";
                        /**
                         * @description a reference of your own: 1 to 64 characters, none of them a control character
                         * @example INV-42
                         */
                        readonly reference?: string;
                        /**
                         * @description what the payer reads: 1 to 200 characters, none of them a control character
                         * @example Order 42: two books
                         */
                        readonly description?: string;
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly expiresAt?: string;
                        /**
                         * @description an https address that the payer can go back to, 2,048 characters at most
                         * @example https://shop.example/orders/42
                         */
                        readonly returnUrl?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                            readonly id: string;
                            /** @description where the payer pays; whoever has it may see what is asked for */
                            readonly url: string;
                            /**
                             * @description one of open, paid, expired, cancelled
                             * @enum {string}
                             */
                            readonly status: "open" | "paid" | "expired" | "cancelled";
                            readonly amount: string | null;
                            /** @enum {string} */
                            readonly currency: "INR";
                            readonly partial: boolean;
                            /** @enum {string} */
                            readonly uses: "once" | "many";
                            /** @description an amount in paise as a string of digits, with a minus for a debit */
                            readonly amountReceived: string;
                            readonly amountRemaining: string | null;
                            /**
                             * @description an account id: acc_ and a number
                             * @example acc_100001
                             */
                            readonly account: string;
                            readonly reference: string | null;
                            readonly description: string | null;
                            readonly returnUrl: string | null;
                            /** @description an account number made for this link: what is paid into it by IMPS is this link’s */
                            readonly virtualAccount: {
                                /**
                                 * @description an IFSC: four letters, a zero, six letters or digits
                                 * @example HDFC0000123
                                 */
                                readonly ifsc: string;
                                /**
                                 * @description a bank account number: 1 to 30 letters and digits
                                 * @example 50100123456789
                                 */
                                readonly accountNumber: string;
                            };
                            readonly lastPayment: {
                                /** @description a payment id: pay_ and 32 hex digits */
                                readonly payment: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /**
                                 * @description a retrieval reference number: 12 digits
                                 * @example 632609000123
                                 */
                                readonly rrn: string;
                                /**
                                 * @description exact: as much as was due; part, under: less (in parts, or not asked for so); over: more; late: after the link had ended; repeated: after it was paid
                                 * @enum {string}
                                 */
                                readonly outcome: "exact" | "part" | "under" | "over" | "late" | "repeated";
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly creditedAt: string;
                            } | null;
                            readonly expiresAt: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly updatedAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payment-links/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One payment link */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                            readonly id: string;
                            /** @description where the payer pays; whoever has it may see what is asked for */
                            readonly url: string;
                            /**
                             * @description one of open, paid, expired, cancelled
                             * @enum {string}
                             */
                            readonly status: "open" | "paid" | "expired" | "cancelled";
                            readonly amount: string | null;
                            /** @enum {string} */
                            readonly currency: "INR";
                            readonly partial: boolean;
                            /** @enum {string} */
                            readonly uses: "once" | "many";
                            /** @description an amount in paise as a string of digits, with a minus for a debit */
                            readonly amountReceived: string;
                            readonly amountRemaining: string | null;
                            /**
                             * @description an account id: acc_ and a number
                             * @example acc_100001
                             */
                            readonly account: string;
                            readonly reference: string | null;
                            readonly description: string | null;
                            readonly returnUrl: string | null;
                            /** @description an account number made for this link: what is paid into it by IMPS is this link’s */
                            readonly virtualAccount: {
                                /**
                                 * @description an IFSC: four letters, a zero, six letters or digits
                                 * @example HDFC0000123
                                 */
                                readonly ifsc: string;
                                /**
                                 * @description a bank account number: 1 to 30 letters and digits
                                 * @example 50100123456789
                                 */
                                readonly accountNumber: string;
                            };
                            readonly lastPayment: {
                                /** @description a payment id: pay_ and 32 hex digits */
                                readonly payment: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /**
                                 * @description a retrieval reference number: 12 digits
                                 * @example 632609000123
                                 */
                                readonly rrn: string;
                                /**
                                 * @description exact: as much as was due; part, under: less (in parts, or not asked for so); over: more; late: after the link had ended; repeated: after it was paid
                                 * @enum {string}
                                 */
                                readonly outcome: "exact" | "part" | "under" | "over" | "late" | "repeated";
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly creditedAt: string;
                            } | null;
                            readonly expiresAt: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly updatedAt: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payment-links/{id}/payments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What a link was paid, newest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path: {
                    /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a payment id: pay_ and 32 hex digits */
                                readonly payment: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /**
                                 * @description a retrieval reference number: 12 digits
                                 * @example 632609000123
                                 */
                                readonly rrn: string;
                                /**
                                 * @description exact: as much as was due; part, under: less (in parts, or not asked for so); over: more; late: after the link had ended; repeated: after it was paid
                                 * @enum {string}
                                 */
                                readonly outcome: "exact" | "part" | "under" | "over" | "late" | "repeated";
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly creditedAt: string;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amountRefunded: string;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payment-links/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel a link that is open
         * @description Its page asks for nothing any more. What a payer sends all the same is credited and told as `payment_link.late_credit`. Cancelling it again gives the same answer.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                            readonly id: string;
                            /** @description where the payer pays; whoever has it may see what is asked for */
                            readonly url: string;
                            /**
                             * @description one of open, paid, expired, cancelled
                             * @enum {string}
                             */
                            readonly status: "open" | "paid" | "expired" | "cancelled";
                            readonly amount: string | null;
                            /** @enum {string} */
                            readonly currency: "INR";
                            readonly partial: boolean;
                            /** @enum {string} */
                            readonly uses: "once" | "many";
                            /** @description an amount in paise as a string of digits, with a minus for a debit */
                            readonly amountReceived: string;
                            readonly amountRemaining: string | null;
                            /**
                             * @description an account id: acc_ and a number
                             * @example acc_100001
                             */
                            readonly account: string;
                            readonly reference: string | null;
                            readonly description: string | null;
                            readonly returnUrl: string | null;
                            /** @description an account number made for this link: what is paid into it by IMPS is this link’s */
                            readonly virtualAccount: {
                                /**
                                 * @description an IFSC: four letters, a zero, six letters or digits
                                 * @example HDFC0000123
                                 */
                                readonly ifsc: string;
                                /**
                                 * @description a bank account number: 1 to 30 letters and digits
                                 * @example 50100123456789
                                 */
                                readonly accountNumber: string;
                            };
                            readonly lastPayment: {
                                /** @description a payment id: pay_ and 32 hex digits */
                                readonly payment: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /**
                                 * @description a retrieval reference number: 12 digits
                                 * @example 632609000123
                                 */
                                readonly rrn: string;
                                /**
                                 * @description exact: as much as was due; part, under: less (in parts, or not asked for so); over: more; late: after the link had ended; repeated: after it was paid
                                 * @enum {string}
                                 */
                                readonly outcome: "exact" | "part" | "under" | "over" | "late" | "repeated";
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly creditedAt: string;
                            } | null;
                            readonly expiresAt: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly updatedAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payment-links/{id}/refunds": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Give back what came in
         * @description Makes an outward payment from the account of the link to the account that `payment` came from, with the limits, approvals and factors of any payment. The refunds of one payment that have not failed are together never more than it was. A bank that speaks ISO 8583 does not tell the IFSC of its customer, and one that pays by mobile number no account: give `to` then. Needs an `Idempotency-Key`, as `POST /v1/payments` does.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header: {
                    /**
                     * @description 1 to 255 printable ASCII characters, bare or quoted: one key, one payment, however often it is asked for
                     * @example 7f3c9a52-1d0e-4a86-9e0b-2f5a8c1d7e64
                     */
                    readonly "Idempotency-Key": string;
                    /**
                     * @description `wait=N`: hold the answer until the payment is final, N seconds at most (30)
                     * @example wait=10
                     */
                    readonly Prefer?: string;
                };
                readonly path: {
                    /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what to give back of what came in */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a payment id: pay_ and 32 hex digits */
                        readonly payment: string;
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount: string;
                        /** @description the account that the money came from, where its bank did not say: ifsc and account */
                        readonly to?: {
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc: string;
                            /**
                             * @description a bank account number: 1 to 30 letters and digits
                             * @example 50100123456789
                             */
                            readonly account: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        };
                        /**
                         * @description remarks of 1 to 50 ASCII characters
                         * @example rent march
                         */
                        readonly remarks?: string;
                        /** @description how you authenticated your customer for this payment */
                        readonly authentication?: {
                            /** @description two to five factors, each once */
                            readonly factors: readonly ("mpin" | "pin" | "password" | "sms" | "totp" | "passkey" | "device" | "card" | "fingerprint" | "face")[];
                            /** @description a reference of your own record: 1 to 100 ASCII characters */
                            readonly reference: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly at: string;
                            /** @description a SHA-256 in hex: of what your customer agreed to */
                            readonly digest?: string;
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/acts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What was done, by whom, newest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description an action such as client.created */
                    readonly action?: string;
                    /** @description the id of whoever did it */
                    readonly actor?: string;
                    /** @description the id of what it was done to */
                    readonly subject?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly from?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly to?: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description its place in the chain */
                                readonly sequence: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly actor: {
                                    readonly kind: string;
                                    readonly id: string;
                                };
                                readonly action: string;
                                readonly subject: string | null;
                                /** @enum {string} */
                                readonly outcome: "done" | "refused";
                                /** @description ids, codes and numbers; nothing personal */
                                readonly detail: {
                                    readonly [key: string]: string | number | boolean | null;
                                };
                                readonly requestId: string | null;
                                readonly address: string | null;
                                /** @description SHA-256 of the act before it and of this one */
                                readonly hash: string;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/acts/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The audit chain as a file: all of it, or what fits the filters
         * @description Newest first, one act a line, each with its hash: JSON lines, or CSV in which no cell is a formula. It has no end but the first act of the chain, and is the same as `npm run audit -- export`. That it was taken is the newest act in it.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description an action such as client.created */
                    readonly action?: string;
                    /** @description the id of whoever did it */
                    readonly actor?: string;
                    /** @description the id of what it was done to */
                    readonly subject?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly from?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly to?: string;
                    /** @description jsonl or csv */
                    readonly format?: "jsonl" | "csv";
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description The acts. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/x-ndjson": string;
                        readonly "text/csv": string;
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/system": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Versions, links, certificates and the database */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description of Turant */
                            readonly version: string;
                            readonly node: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly startedAt: string;
                            readonly sandbox: boolean;
                            /** @description where the keys are: file or pkcs11 */
                            readonly keyStore: string;
                            readonly database: {
                                /** @description of PostgreSQL */
                                readonly version: string;
                                readonly bytes: string | null;
                            };
                            readonly links: readonly {
                                readonly id: string;
                                readonly role: string;
                                readonly state: string;
                                readonly usable: boolean;
                                readonly inFlight: number;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly since: string;
                                readonly lastAnswerAt: string | null;
                            }[];
                            readonly certificates: readonly {
                                readonly use: string;
                                readonly subject: string;
                                /** @description whole days; negative when it is over */
                                readonly daysLeft: number;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/verification": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What the last verification of the audit chain found */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /**
                             * @description never (since this process began), running, done, or failed: the database could not be read to the end
                             * @enum {string}
                             */
                            readonly state: "never" | "running" | "done" | "failed";
                            readonly startedAt: string | null;
                            readonly endedAt: string | null;
                            readonly actsRead: number;
                            readonly sealed: number | null;
                            /** @description in plain words, a hundred at most; empty: all is as it was written */
                            readonly faults: readonly string[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Verify the tenant's audit chain, from its first act to its last
         * @description It takes a while: read what it found with `GET /v1/audit/verification`. While one runs, asking again begins no second. The signed roots of the whole hub, and their copy elsewhere, are for the operator to verify: `npm run audit -- verify`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /**
                             * @description never (since this process began), running, done, or failed: the database could not be read to the end
                             * @enum {string}
                             */
                            readonly state: "never" | "running" | "done" | "failed";
                            readonly startedAt: string | null;
                            readonly endedAt: string | null;
                            readonly actsRead: number;
                            readonly sealed: number | null;
                            /** @description in plain words, a hundred at most; empty: all is as it was written */
                            readonly faults: readonly string[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/requests": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What was asked of the API lately, newest first
         * @description The last 500 requests of the tenant that this process answered, since it began: route, answer, time and who asked, without bodies, queries or ids. It is kept in memory; where several processes serve, each has its own.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description true: only what was answered with 400 or more */
                    readonly failed?: boolean;
                    /** @description GET, POST, PUT, PATCH or DELETE */
                    readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description X-Request-Id */
                                readonly id: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly method: string;
                                /** @description as the document names it */
                                readonly route: string;
                                readonly status: number;
                                readonly code: string | null;
                                readonly ms: number;
                                /** @description the client or person who asked */
                                readonly actor: string;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** All accounts, newest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly components["schemas"]["Account"][];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Open an account
         * @description The hub gives it a number, an IFSC and, with a mobile number, an MMID. `openingBalance` only in a sandbox. A mobile number with one account needs no consent to be paid by number and bank; with several, only the one with `defaultForMobile` is paid so, and it takes the place of the one before.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an account to open */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description a name of 1 to 50 ASCII characters
                         * @example Asha Devi
                         */
                        readonly name: string;
                        /**
                         * @description the code of a bank on this hub
                         * @example TRN
                         */
                        readonly institution?: string;
                        /**
                         * @description a mobile number in India: 10 digits, the first 6 to 9
                         * @example 9876543210
                         */
                        readonly mobile?: string;
                        /** @description whether its owner consents that what comes for the mobile number and the bank (the default MMID, NBIN and 000) is for this account */
                        readonly defaultForMobile?: boolean;
                        /**
                         * @description a reference of your own: 1 to 64 characters, none of them a control character
                         * @example INV-42
                         */
                        readonly reference?: string;
                        /** @description a customer id: cus_ and 32 hex digits */
                        readonly customer?: string;
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly openingBalance?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Account"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One account
         * @description `balance` still counts what is held for payments under way, `available` does not. With `at`, `asOf` says what could be spent at that instant. Without the right `details:read` account numbers, mobile numbers and names are masked. `reveal=true` shows them to whoever has `details:reveal`; each look goes into the audit log.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly at?: string;
                    /** @description true: account numbers, mobile numbers and names in full; the look is written down */
                    readonly reveal?: boolean;
                };
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Account"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Record consent
         * @description With `defaultForMobile: true` what comes for the mobile number and the bank is for this account, and no longer for the account that had it before; `false` takes the consent back. Saying it again changes nothing.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what to change of an account */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description whether its owner consents that what comes for the mobile number and the bank (the default MMID, NBIN and 000) is for this account */
                        readonly defaultForMobile: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Account"];
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/entries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Statement, newest first
         * @description Credits are positive, debits negative; `balanceAfter` is what could be spent after the entry.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description counts the entries of this account from 1, without gaps */
                                readonly number: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                /** @enum {string} */
                                readonly kind: "opening" | "hold" | "void" | "credit" | "return";
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amount: string;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly balanceAfter: string;
                                readonly paymentId: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/clients": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** All programs that may act for you */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a client id: cli_ and 32 hex digits */
                                readonly id: string;
                                readonly name: string;
                                readonly live: boolean;
                                readonly rights: readonly string[];
                                readonly networks: readonly string[];
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                                readonly disabledAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Let a program act for you
         * @description It has the rights that are named and no others, and none that you do not have. It has no key yet. Where a rule for `client` exists it waits for approval: 202.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a program that will act for you */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a name of 1 to 100 characters */
                        readonly name: string;
                        /** @description true: its keys are live, and what moves money must be signed */
                        readonly live?: boolean;
                        /** @description at least one right, each once */
                        readonly rights: readonly ("payments:read" | "payments:create" | "payments:verify" | "payments:resolve" | "names:ask" | "directory:read" | "accounts:read" | "accounts:write" | "accounts:freeze" | "beneficiaries:read" | "beneficiaries:write" | "links:read" | "links:create" | "customers:read" | "customers:write" | "payments:authenticate" | "approvals:read" | "approvals:decide" | "limits:read" | "limits:write" | "risk:read" | "risk:write" | "clients:read" | "clients:write" | "webhooks:read" | "webhooks:write" | "people:read" | "settlement:read" | "settlement:write" | "audit:read" | "details:read" | "sandbox:use")[];
                        /** @description at most 50 networks, such as 203.0.113.0/24 */
                        readonly networks?: readonly string[];
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a client id: cli_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            readonly live: boolean;
                            readonly rights: readonly string[];
                            readonly networks: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly disabledAt: string | null;
                        };
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/clients/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One program and its keys */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Client"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /** End a program and all its keys */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a client id: cli_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            readonly live: boolean;
                            readonly rights: readonly string[];
                            readonly networks: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly disabledAt: string | null;
                        };
                    };
                };
                /** @description It has ended. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/clients/{id}/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make a key
         * @description Two keys of a program may work at the same time, so that one takes the place of the other: make, change over, revoke. The answer has the key; the hub keeps only its SHA-256. Where a rule for `client` exists the answer is 202 and the approval; once others have agreed, ask again with `approval`: the key is handed over once, to whoever asked for it.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description a key to make */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly expiresAt?: string;
                        /** @description the approval of a key that you asked for: apr_ and 32 hex digits. The key is handed over once */
                        readonly approval?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            readonly lastFour: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly expiresAt: string | null;
                            readonly revokedAt: string | null;
                            readonly lastUsedOn: string | null;
                            readonly approval: string | null;
                            /** @description the key: shown now and never again */
                            readonly key: string;
                        };
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/clients/{id}/keys/{keyId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke a key
         * @description It is refused from now on; by other processes of the hub within a second.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                    /** @description a key id: 12 letters and digits */
                    readonly keyId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            readonly lastFour: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly expiresAt: string | null;
                            readonly revokedAt: string | null;
                            readonly lastUsedOn: string | null;
                            readonly approval: string | null;
                        };
                    };
                };
                /** @description It is revoked. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/clients/{id}/signing-keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Register a public key for signatures
         * @description Requests signed with it name its id as `keyid` (RFC 9421). Several may work at the same time. Where a rule for `client` exists it waits for approval: 202.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description a public key that your requests are signed with */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description ed25519 or ecdsa-p256-sha256
                         * @enum {string}
                         */
                        readonly algorithm: "ed25519" | "ecdsa-p256-sha256";
                        /** @description a public key as SPKI in DER, base64 */
                        readonly publicKey: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description the keyid of its signatures */
                            readonly id: string;
                            readonly algorithm: string;
                            /** @description SPKI in DER, base64 */
                            readonly publicKey: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly revokedAt: string | null;
                        };
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/clients/{id}/signing-keys/{keyId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Revoke a public key for signatures */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                    /** @description a signing key id: sgk_ and 32 hex digits */
                    readonly keyId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description the keyid of its signatures */
                            readonly id: string;
                            readonly algorithm: string;
                            /** @description SPKI in DER, base64 */
                            readonly publicKey: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly revokedAt: string | null;
                        };
                    };
                };
                /** @description It is revoked. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/clients/{id}/token-keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The keys that a program gets tokens with */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description what its assertions may name as kid */
                                readonly id: string;
                                /**
                                 * @description one of ES256, PS256, EdDSA
                                 * @enum {string}
                                 */
                                readonly algorithm: "ES256" | "PS256" | "EdDSA";
                                /** @description SHA-256 of the key, RFC 7638 */
                                readonly thumbprint: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                                readonly revokedAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Register a public key for tokens
         * @description The program signs its assertions with the private half (`private_key_jwt`), by this algorithm and no other. Two keys may work at the same time. Where a rule for `client` exists it waits for approval: 202.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description a public key that assertions are signed with */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description one of ES256, PS256, EdDSA
                         * @enum {string}
                         */
                        readonly algorithm: "ES256" | "PS256" | "EdDSA";
                        /** @description a public key as JWK: P-256, Ed25519, or RSA of 2048 to 4096 bits */
                        readonly jwk: {
                            readonly kty: string;
                            readonly crv?: string;
                            readonly x?: string;
                            readonly y?: string;
                            readonly n?: string;
                            readonly e?: string;
                            readonly kid?: string;
                            readonly use?: string;
                            readonly alg?: string;
                            readonly key_ops?: readonly string[];
                            readonly ext?: boolean;
                            /** @description left out: nobody else may ever have the private part, so make another key */
                            readonly d?: unknown;
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description what its assertions may name as kid */
                            readonly id: string;
                            /**
                             * @description one of ES256, PS256, EdDSA
                             * @enum {string}
                             */
                            readonly algorithm: "ES256" | "PS256" | "EdDSA";
                            /** @description SHA-256 of the key, RFC 7638 */
                            readonly thumbprint: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly revokedAt: string | null;
                        };
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/clients/{id}/token-keys/{keyId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke a public key for tokens
         * @description The tokens that were given for it end with it, within a second.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a client id: cli_ and 32 hex digits */
                    readonly id: string;
                    /** @description a token key id: tky_ and 32 hex digits */
                    readonly keyId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description what its assertions may name as kid */
                            readonly id: string;
                            /**
                             * @description one of ES256, PS256, EdDSA
                             * @enum {string}
                             */
                            readonly algorithm: "ES256" | "PS256" | "EdDSA";
                            /** @description SHA-256 of the key, RFC 7638 */
                            readonly thumbprint: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly revokedAt: string | null;
                        };
                    };
                };
                /** @description It is revoked. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/limits": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What payments must keep to
         * @description Besides these NPCI's own limits hold always: ₹5,00,000 a payment, ₹5,000 over SMS, IVR and USSD. The strictest holds.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                readonly channel: ("mobile" | "internet" | "branch" | "atm" | "sms" | "ivr" | "ussd") | null;
                                readonly account: string | null;
                                readonly customer: string | null;
                                /** @description at least one rule */
                                readonly rules: {
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly perPayment?: string;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly day?: string;
                                    /** @description a number of payments */
                                    readonly dayCount?: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly week?: string;
                                    /** @description a number of payments */
                                    readonly weekCount?: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly month?: string;
                                    /** @description a number of payments */
                                    readonly monthCount?: number;
                                    readonly velocity?: {
                                        /** @description a number of payments from 1 to 60 */
                                        readonly count: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                    };
                                    readonly cooling?: {
                                        /** @description a number of hours from 1 to 720 */
                                        readonly hours: number;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                    };
                                    /**
                                     * @description true: payments go to registered beneficiaries only
                                     * @enum {boolean}
                                     */
                                    readonly registeredOnly?: true;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly reviewOver?: string;
                                    readonly lag?: {
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly over: string;
                                        /** @description a number of seconds from 1 to 86400 */
                                        readonly seconds: number;
                                    };
                                };
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly validFrom: string;
                                readonly validUntil: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Set a limit
         * @description For each account by itself, or for one; with `customer` over all accounts of each customer, or of one. Over one channel, or over all together. Days, weeks (from Monday) and months are those of India. Sums are exact: what came back counts no more. Where a rule for `limits` exists it waits for approval: 202.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description what payments must keep to */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description one of mobile, internet, branch, atm, sms, ivr, ussd
                         * @enum {string}
                         */
                        readonly channel?: "mobile" | "internet" | "branch" | "atm" | "sms" | "ivr" | "ussd";
                        /**
                         * @description an account id: acc_ and a number
                         * @example acc_100001
                         */
                        readonly account?: string;
                        /** @description each, or a customer id: cus_ and 32 hex digits */
                        readonly customer?: string;
                        /** @description at least one rule */
                        readonly rules: {
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly perPayment?: string;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly day?: string;
                            /** @description a number of payments */
                            readonly dayCount?: number;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly week?: string;
                            /** @description a number of payments */
                            readonly weekCount?: number;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly month?: string;
                            /** @description a number of payments */
                            readonly monthCount?: number;
                            readonly velocity?: {
                                /** @description a number of payments from 1 to 60 */
                                readonly count: number;
                                /** @description a number of minutes from 1 to 1440 */
                                readonly minutes: number;
                            };
                            readonly cooling?: {
                                /** @description a number of hours from 1 to 720 */
                                readonly hours: number;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                            };
                            /**
                             * @description true: payments go to registered beneficiaries only
                             * @enum {boolean}
                             */
                            readonly registeredOnly?: true;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly reviewOver?: string;
                            readonly lag?: {
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly over: string;
                                /** @description a number of seconds from 1 to 86400 */
                                readonly seconds: number;
                            };
                        };
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly validFrom?: string;
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly validUntil?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            readonly channel: ("mobile" | "internet" | "branch" | "atm" | "sms" | "ivr" | "ussd") | null;
                            readonly account: string | null;
                            readonly customer: string | null;
                            /** @description at least one rule */
                            readonly rules: {
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly perPayment?: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly day?: string;
                                /** @description a number of payments */
                                readonly dayCount?: number;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly week?: string;
                                /** @description a number of payments */
                                readonly weekCount?: number;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly month?: string;
                                /** @description a number of payments */
                                readonly monthCount?: number;
                                readonly velocity?: {
                                    /** @description a number of payments from 1 to 60 */
                                    readonly count: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                };
                                readonly cooling?: {
                                    /** @description a number of hours from 1 to 720 */
                                    readonly hours: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                };
                                /**
                                 * @description true: payments go to registered beneficiaries only
                                 * @enum {boolean}
                                 */
                                readonly registeredOnly?: true;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly reviewOver?: string;
                                readonly lag?: {
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly over: string;
                                    /** @description a number of seconds from 1 to 86400 */
                                    readonly seconds: number;
                                };
                            };
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly validFrom: string;
                            readonly validUntil: string | null;
                        };
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/limits/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** End a limit */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a limit id: lim_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/stopped": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether all payments are stopped
         * @description Since when the kill switch (`POST /v1/stop`) stops them; null: payments go.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly stoppedAt: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/stop": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop all payments
         * @description The kill switch: from now on nothing new is taken and nothing that waits leaves. What is on the wire already is followed to its end.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Let payments go again
         * @description Whoever may stop payments may not let them go again by the same right.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/freeze": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Freeze an account
         * @description Of a frozen account nothing is paid and nothing is taken in; what waits is given back.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/unfreeze": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Open a frozen account
         * @description Of a frozen account nothing is paid and nothing is taken in; what waits is given back.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/liens": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What is under lien */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                readonly reference: string;
                                readonly placedBy: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly placedAt: string;
                                readonly releasedBy: string | null;
                                readonly releasedAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Put an amount under lien
         * @description The disputed amount stays in the account; the rest can be spent. It may be more than there is: what comes in is then under it too.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description an amount to keep in the account */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount: string;
                        /** @description a reference of 1 to 100 characters: an acknowledgement number, a court order */
                        readonly reference: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly amount: string;
                            readonly reference: string;
                            readonly placedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly placedAt: string;
                            readonly releasedBy: string | null;
                            readonly releasedAt: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/liens/{lienId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Release a lien */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                    /** @description a lien id: lie_ and 32 hex digits */
                    readonly lienId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly amount: string;
                            readonly reference: string;
                            readonly placedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly placedAt: string;
                            readonly releasedBy: string | null;
                            readonly releasedAt: string | null;
                        };
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/risk/block": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Pay nothing to or from an account or a mobile */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an account number or a mobile that nothing is paid to or from */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an account number, blanks and dashes aside */
                        readonly account?: string;
                        /** @description a mobile number in India, with or without 0, 91 or +91 */
                        readonly mobile?: string;
                        /** @description a reference of 1 to 100 characters: an acknowledgement number, a court order */
                        readonly reason: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/risk/unblock": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Let an account or a mobile pay and be paid again */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an account number or a mobile that nothing is paid to or from */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an account number, blanks and dashes aside */
                        readonly account?: string;
                        /** @description a mobile number in India, with or without 0, 91 or +91 */
                        readonly mobile?: string;
                        /** @description a reference of 1 to 100 characters: an acknowledgement number, a court order */
                        readonly reason: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/customers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Customers, newest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /**
                     * @description a mobile number in India: 10 digits, the first 6 to 9
                     * @example 9876543210
                     */
                    readonly mobile?: string;
                    /**
                     * @description a reference of your own: 1 to 64 characters, none of them a control character
                     * @example INV-42
                     */
                    readonly reference?: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly components["schemas"]["Customer"][];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Make a customer
         * @description Accounts are opened for a customer by naming them (`POST /v1/accounts`). A `reference` belongs to one customer only: who asks again with it makes no second one.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a person whose money it is */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description a name of 1 to 50 ASCII characters
                         * @example Asha Devi
                         */
                        readonly name: string;
                        /**
                         * @description a mobile number in India: 10 digits, the first 6 to 9
                         * @example 9876543210
                         */
                        readonly mobile?: string;
                        /**
                         * @description one of en, hi: the language of messages
                         * @enum {string}
                         */
                        readonly language?: "en" | "hi";
                        /**
                         * @description a reference of your own: 1 to 64 characters, none of them a control character
                         * @example INV-42
                         */
                        readonly reference?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Customer"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/customers/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One customer
         * @description Without the right `details:read` account numbers, mobile numbers and names are masked. `reveal=true` shows them to whoever has `details:reveal`; each look goes into the audit log.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description true: account numbers, mobile numbers and names in full; the look is written down */
                    readonly reveal?: boolean;
                };
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Customer"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a customer
         * @description With another mobile number the factor `sms` ends: codes go to no number that was not proved. Enrol it again.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description at least one thing to change of a customer */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description a name of 1 to 50 ASCII characters
                         * @example Asha Devi
                         */
                        readonly name?: string;
                        readonly mobile?: string | null;
                        /**
                         * @description one of en, hi: the language of messages
                         * @enum {string}
                         */
                        readonly language?: "en" | "hi";
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Customer"];
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/v1/customers/{id}/stop": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop all payments of a customer
         * @description Nothing of theirs leaves while it is stopped; what has left is not touched. `by` says whose wish it is, `operations` when it is not there: what operations stopped the customer cannot let go again, and operations only with the right `limits:write`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description whose wish it is */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description customer or operations: whose wish it is
                         * @enum {string}
                         */
                        readonly by?: "customer" | "operations";
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Customer"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/customers/{id}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Let payments of a customer go again
         * @description Nothing of theirs leaves while it is stopped; what has left is not touched. `by` says whose wish it is, `operations` when it is not there: what operations stopped the customer cannot let go again, and operations only with the right `limits:write`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description whose wish it is */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description customer or operations: whose wish it is
                         * @enum {string}
                         */
                        readonly by?: "customer" | "operations";
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Customer"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/customers/{id}/factors": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The factors of a customer */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                /**
                                 * @description one of mpin, sms, totp, passkey
                                 * @enum {string}
                                 */
                                readonly kind: "mpin" | "sms" | "totp" | "passkey";
                                readonly enrolledAt: string | null;
                                readonly proveBy: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Enrol a factor
         * @description An MPIN counts at once. `sms` sends a code to the mobile number of the customer, `totp` answers with a secret for an authenticator app, `passkey` with options for the browser; each counts once it is proved within three minutes. One of each kind but passkeys.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description a factor whose kind is mpin, sms, totp or passkey */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly kind: "mpin";
                        /** @description six digits */
                        readonly mpin: string;
                    } | {
                        /** @enum {string} */
                        readonly kind: "sms";
                    } | {
                        /** @enum {string} */
                        readonly kind: "totp";
                    } | {
                        /** @enum {string} */
                        readonly kind: "passkey";
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * @description one of mpin, sms, totp, passkey
                             * @enum {string}
                             */
                            readonly kind: "mpin" | "sms" | "totp" | "passkey";
                            readonly enrolledAt: string | null;
                            readonly proveBy: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly totp: {
                                readonly secret: string;
                                readonly uri: string;
                            } | null;
                            readonly passkey: Record<string, never> | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/customers/{id}/factors/{factorId}/prove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Prove a factor that was begun
         * @description Three tries, three minutes.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                    /** @description a factor id: fac_ and 32 hex digits */
                    readonly factorId: string;
                };
                readonly cookie?: never;
            };
            /** @description the code that was sent or is shown, or what navigator.credentials.create gave */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description six digits */
                        readonly code?: string;
                        readonly passkey?: {
                            /** @description bytes in base64url */
                            readonly id: string;
                            /** @description bytes in base64url */
                            readonly rawId: string;
                            /** @enum {string} */
                            readonly type: "public-key";
                            readonly response: {
                                /** @description bytes in base64url */
                                readonly clientDataJSON: string;
                                /** @description bytes in base64url */
                                readonly attestationObject: string;
                                readonly transports?: readonly string[];
                            };
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * @description one of mpin, sms, totp, passkey
                             * @enum {string}
                             */
                            readonly kind: "mpin" | "sms" | "totp" | "passkey";
                            readonly enrolledAt: string | null;
                            readonly proveBy: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/customers/{id}/factors/{factorId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke a factor
         * @description It proves nothing from now on, also what was begun with it.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                    /** @description a factor id: fac_ and 32 hex digits */
                    readonly factorId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * @description one of mpin, sms, totp, passkey
                             * @enum {string}
                             */
                            readonly kind: "mpin" | "sms" | "totp" | "passkey";
                            readonly enrolledAt: string | null;
                            readonly proveBy: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                        };
                    };
                };
                /** @description It is revoked. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/customers/{id}/factors/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin anew: revoke all factors and unlock
         * @description For somebody who lost a phone or forgot an MPIN, after you made sure who they are.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a customer id: cus_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                /**
                                 * @description one of mpin, sms, totp, passkey
                                 * @enum {string}
                                 */
                                readonly kind: "mpin" | "sms" | "totp" | "passkey";
                                readonly enrolledAt: string | null;
                                readonly proveBy: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/authenticate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Authenticate a payment with the two factors of its customer
         * @description First `{"send": "sms"}` (or `totp`, `passkey`): the customer is asked for the factor that is for this payment alone; 202. Then the two factors, `{"mpin": "…", "sms": "…"}`: the payment goes on; 200. Whatever changes of the payment in between voids what was sent. Three tries, three minutes, one use; asking again voids what was asked before. Wrong tries count over all payments of a customer.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description either `send`, or two factors: mpin and one of sms, totp, passkey */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description the factor to ask the customer for: one of sms, totp, passkey
                         * @enum {string}
                         */
                        readonly send?: "sms" | "totp" | "passkey";
                        /** @description six digits */
                        readonly mpin?: string;
                        /** @description six digits */
                        readonly sms?: string;
                        /** @description six digits */
                        readonly totp?: string;
                        /** @description what navigator.credentials.get gave */
                        readonly passkey?: {
                            /** @description bytes in base64url */
                            readonly id: string;
                            /** @description bytes in base64url */
                            readonly rawId: string;
                            /** @enum {string} */
                            readonly type: "public-key";
                            readonly response: {
                                /** @description bytes in base64url */
                                readonly clientDataJSON: string;
                                /** @description bytes in base64url */
                                readonly authenticatorData: string;
                                /** @description bytes in base64url */
                                readonly signature: string;
                                /** @description bytes in base64url */
                                readonly userHandle?: string;
                            };
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
                /** @description The customer was asked. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /** @description a payment id: pay_ and 32 hex digits */
                            readonly payment: string;
                            readonly kind: string;
                            /** @description SHA-256, in hex, of the payment, `nonce` and `expiresAt`: what the customer agrees to */
                            readonly digest: string;
                            readonly nonce: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                            readonly triesLeft: number;
                            readonly sentTo: string | null;
                            readonly passkey: Record<string, never> | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/authentication": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What proves that a payment is its customer’s will
         * @description The evidence is kept with the payment and never changes: which factors, over what, when, passed on by whom, under which version of the policies.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description whether the payment waits for the factors of its customer now */
                            readonly required: boolean;
                            readonly authentication: {
                                /** @description what the customer can prove with: it takes mpin and one other */
                                readonly factors: readonly string[];
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly expiresAt: string;
                                readonly challenge: {
                                    readonly kind: string;
                                    readonly digest: string;
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly expiresAt: string;
                                    readonly triesLeft: number;
                                } | null;
                            } | null;
                            readonly evidence: {
                                /** @description hub or institution: who asked the customer */
                                readonly source: string;
                                readonly factors: readonly string[];
                                readonly digest: string | null;
                                readonly nonce: string | null;
                                readonly expiresAt: string | null;
                                readonly reference: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly provedAt: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly recordedAt: string;
                                readonly recordedBy: string;
                                readonly policyVersion: number;
                            } | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/risk/rules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The rules of risk
         * @description What holds now, what held and what will (newest first), and a set to begin with.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly current: {
                                readonly version: number;
                                /** @description the rules that look; one that is not there does not */
                                readonly rules: {
                                    readonly velocity?: {
                                        /** @description a number of payments from 2 to 60 */
                                        readonly count: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly passThrough?: {
                                        /** @description a number of percent from 1 to 100 */
                                        readonly percent: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly least: string;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly fanIn?: {
                                        /** @description a number of remitters from 2 to 60 */
                                        readonly remitters: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly fanOut?: {
                                        /** @description a number of beneficiaries from 2 to 60 */
                                        readonly beneficiaries: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly structuring?: {
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                        /** @description a number of percent from 1 to 50 */
                                        readonly percent: number;
                                        /** @description a number of payments from 2 to 60 */
                                        readonly count: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly dormant?: {
                                        /** @description a number of days from 2 to 3650 */
                                        readonly days: number;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly roundTrips?: {
                                        /** @description a number of times from 1 to 30 */
                                        readonly times: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly oddHours?: {
                                        /** @description an hour of India from 0 to 23 */
                                        readonly from: number;
                                        /** @description an hour of India from 0 to 23 */
                                        readonly to: number;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly probing?: {
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly probe: string;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                };
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly validFrom: string;
                                readonly createdBy: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                            } | null;
                            /** @description the rules that look; one that is not there does not */
                            readonly suggested: {
                                readonly velocity?: {
                                    /** @description a number of payments from 2 to 60 */
                                    readonly count: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly passThrough?: {
                                    /** @description a number of percent from 1 to 100 */
                                    readonly percent: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly least: string;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly fanIn?: {
                                    /** @description a number of remitters from 2 to 60 */
                                    readonly remitters: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly fanOut?: {
                                    /** @description a number of beneficiaries from 2 to 60 */
                                    readonly beneficiaries: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly structuring?: {
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /** @description a number of percent from 1 to 50 */
                                    readonly percent: number;
                                    /** @description a number of payments from 2 to 60 */
                                    readonly count: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly dormant?: {
                                    /** @description a number of days from 2 to 3650 */
                                    readonly days: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly roundTrips?: {
                                    /** @description a number of times from 1 to 30 */
                                    readonly times: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly oddHours?: {
                                    /** @description an hour of India from 0 to 23 */
                                    readonly from: number;
                                    /** @description an hour of India from 0 to 23 */
                                    readonly to: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly probing?: {
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly probe: string;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                            };
                            readonly data: readonly {
                                readonly version: number;
                                /** @description the rules that look; one that is not there does not */
                                readonly rules: {
                                    readonly velocity?: {
                                        /** @description a number of payments from 2 to 60 */
                                        readonly count: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly passThrough?: {
                                        /** @description a number of percent from 1 to 100 */
                                        readonly percent: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly least: string;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly fanIn?: {
                                        /** @description a number of remitters from 2 to 60 */
                                        readonly remitters: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly fanOut?: {
                                        /** @description a number of beneficiaries from 2 to 60 */
                                        readonly beneficiaries: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly structuring?: {
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                        /** @description a number of percent from 1 to 50 */
                                        readonly percent: number;
                                        /** @description a number of payments from 2 to 60 */
                                        readonly count: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly dormant?: {
                                        /** @description a number of days from 2 to 3650 */
                                        readonly days: number;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly roundTrips?: {
                                        /** @description a number of times from 1 to 30 */
                                        readonly times: number;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly oddHours?: {
                                        /** @description an hour of India from 0 to 23 */
                                        readonly from: number;
                                        /** @description an hour of India from 0 to 23 */
                                        readonly to: number;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                    readonly probing?: {
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly probe: string;
                                        /**
                                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                         * @example 150000
                                         */
                                        readonly amount: string;
                                        /** @description a number of minutes from 1 to 1440 */
                                        readonly minutes: number;
                                        /**
                                         * @description review (when not given) or refuse
                                         * @enum {string}
                                         */
                                        readonly action?: "review" | "refuse";
                                    };
                                };
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly validFrom: string;
                                readonly createdBy: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        /**
         * Set the rules of risk
         * @description The whole set, from now on or from `validFrom`; `{"rules": {}}` looks at nothing. Sets are never changed and never deleted: a payment names the one that judged it. Where a rule for `limits` exists it waits for approval: 202.
         */
        readonly put: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description the rules of risk from an instant on */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description the rules that look; one that is not there does not */
                        readonly rules: {
                            readonly velocity?: {
                                /** @description a number of payments from 2 to 60 */
                                readonly count: number;
                                /** @description a number of minutes from 1 to 1440 */
                                readonly minutes: number;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                            readonly passThrough?: {
                                /** @description a number of percent from 1 to 100 */
                                readonly percent: number;
                                /** @description a number of minutes from 1 to 1440 */
                                readonly minutes: number;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly least: string;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                            readonly fanIn?: {
                                /** @description a number of remitters from 2 to 60 */
                                readonly remitters: number;
                                /** @description a number of minutes from 1 to 1440 */
                                readonly minutes: number;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                            readonly fanOut?: {
                                /** @description a number of beneficiaries from 2 to 60 */
                                readonly beneficiaries: number;
                                /** @description a number of minutes from 1 to 1440 */
                                readonly minutes: number;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                            readonly structuring?: {
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /** @description a number of percent from 1 to 50 */
                                readonly percent: number;
                                /** @description a number of payments from 2 to 60 */
                                readonly count: number;
                                /** @description a number of minutes from 1 to 1440 */
                                readonly minutes: number;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                            readonly dormant?: {
                                /** @description a number of days from 2 to 3650 */
                                readonly days: number;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                            readonly roundTrips?: {
                                /** @description a number of times from 1 to 30 */
                                readonly times: number;
                                /** @description a number of minutes from 1 to 1440 */
                                readonly minutes: number;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                            readonly oddHours?: {
                                /** @description an hour of India from 0 to 23 */
                                readonly from: number;
                                /** @description an hour of India from 0 to 23 */
                                readonly to: number;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                            readonly probing?: {
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly probe: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /** @description a number of minutes from 1 to 1440 */
                                readonly minutes: number;
                                /**
                                 * @description review (when not given) or refuse
                                 * @enum {string}
                                 */
                                readonly action?: "review" | "refuse";
                            };
                        };
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly validFrom?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly version: number;
                            /** @description the rules that look; one that is not there does not */
                            readonly rules: {
                                readonly velocity?: {
                                    /** @description a number of payments from 2 to 60 */
                                    readonly count: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly passThrough?: {
                                    /** @description a number of percent from 1 to 100 */
                                    readonly percent: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly least: string;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly fanIn?: {
                                    /** @description a number of remitters from 2 to 60 */
                                    readonly remitters: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly fanOut?: {
                                    /** @description a number of beneficiaries from 2 to 60 */
                                    readonly beneficiaries: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly structuring?: {
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /** @description a number of percent from 1 to 50 */
                                    readonly percent: number;
                                    /** @description a number of payments from 2 to 60 */
                                    readonly count: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly dormant?: {
                                    /** @description a number of days from 2 to 3650 */
                                    readonly days: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly roundTrips?: {
                                    /** @description a number of times from 1 to 30 */
                                    readonly times: number;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly oddHours?: {
                                    /** @description an hour of India from 0 to 23 */
                                    readonly from: number;
                                    /** @description an hour of India from 0 to 23 */
                                    readonly to: number;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                                readonly probing?: {
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly probe: string;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly amount: string;
                                    /** @description a number of minutes from 1 to 1440 */
                                    readonly minutes: number;
                                    /**
                                     * @description review (when not given) or refuse
                                     * @enum {string}
                                     */
                                    readonly action?: "review" | "refuse";
                                };
                            };
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly validFrom: string;
                            readonly createdBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                        };
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/risk/flags": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What people should look at, newest first
         * @description Payments that were refused or put before people, and credits that stand out. The same of one account within an hour is one flag.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly account?: string;
                    /** @description true or false: also those that somebody has closed */
                    readonly all?: boolean;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                /**
                                 * @description an account id: acc_ and a number
                                 * @example acc_100001
                                 */
                                readonly account: string;
                                /**
                                 * @description outward or inward
                                 * @enum {string}
                                 */
                                readonly direction: "outward" | "inward";
                                /** @description review, refuse, or flag: a credit that was looked at */
                                readonly verdict: string;
                                readonly reasons: readonly string[];
                                readonly ruleSet: string;
                                readonly payment: string | null;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /** @description how often the same came within the hour */
                                readonly times: number;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly firstAt: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly lastAt: string;
                                readonly closedBy: string | null;
                                readonly closedAt: string | null;
                                readonly note: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/risk/flags/{id}/close": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Close a flag
         * @description Says that somebody has looked. Closing it again changes nothing.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a flag id: flg_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what was found */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description what was found, in 1 to 200 characters, without anybody in it */
                        readonly note?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * @description an account id: acc_ and a number
                             * @example acc_100001
                             */
                            readonly account: string;
                            /**
                             * @description outward or inward
                             * @enum {string}
                             */
                            readonly direction: "outward" | "inward";
                            /** @description review, refuse, or flag: a credit that was looked at */
                            readonly verdict: string;
                            readonly reasons: readonly string[];
                            readonly ruleSet: string;
                            readonly payment: string | null;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly amount: string;
                            /** @description how often the same came within the hour */
                            readonly times: number;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly firstAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly lastAt: string;
                            readonly closedBy: string | null;
                            readonly closedAt: string | null;
                            readonly note: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Your sessions */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a session id: ses_ and 32 hex digits */
                                readonly id: string;
                                /** @description passkey or password */
                                readonly by: string;
                                /** @description where it was signed in from */
                                readonly address: string;
                                readonly current: boolean;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly lastSeenAt: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly provedAt: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly expiresAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Sign in
         * @description The answer sets the cookie `__Host-turant`: it is refused together with `Authorization`. Whatever is wrong, the answer is the same. A session ends 15 minutes after its last request, and 8 hours after it began.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a proof whose kind is passkey or password */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly kind: "passkey";
                        /** @description the ceremony that the options came with */
                        readonly ceremony: string;
                        /** @description the use of a passkey as PublicKeyCredential.toJSON() has it */
                        readonly answer: {
                            /** @description base64url, at most 1400 characters */
                            readonly id: string;
                            /** @description base64url, at most 1400 characters */
                            readonly rawId: string;
                            /**
                             * @description public-key
                             * @enum {string}
                             */
                            readonly type: "public-key";
                            readonly authenticatorAttachment?: string | null;
                            /** @description what was asked for, which is credProps at most */
                            readonly clientExtensionResults?: {
                                readonly credProps?: {
                                    readonly rk?: boolean;
                                };
                            };
                            readonly response: {
                                /** @description base64url, at most 4000 characters */
                                readonly clientDataJSON: string;
                                /** @description base64url, at most 4000 characters */
                                readonly authenticatorData: string;
                                /** @description base64url, at most 4000 characters */
                                readonly signature: string;
                                readonly userHandle?: string | null;
                            };
                        };
                    } | {
                        /** @enum {string} */
                        readonly kind: "password";
                        /** @description your tenant's number */
                        readonly tenant: number;
                        /** @description a login of 1 to 100 characters */
                        readonly login: string;
                        /** @description a password */
                        readonly password: string;
                        /** @description six digits */
                        readonly code: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a session id: ses_ and 32 hex digits */
                            readonly id: string;
                            /** @description passkey or password */
                            readonly by: string;
                            /** @description where it was signed in from */
                            readonly address: string;
                            readonly current: boolean;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly lastSeenAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly provedAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly idleEndsAt: string;
                            /** @description for X-CSRF-Token of every request that changes something */
                            readonly csrfToken: string;
                            readonly person: {
                                readonly id: string;
                                readonly name: string;
                                readonly login: string;
                                readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
                            };
                            readonly rights: readonly string[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/current": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This session, with its CSRF token */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a session id: ses_ and 32 hex digits */
                            readonly id: string;
                            /** @description passkey or password */
                            readonly by: string;
                            /** @description where it was signed in from */
                            readonly address: string;
                            readonly current: boolean;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly lastSeenAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly provedAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly idleEndsAt: string;
                            /** @description for X-CSRF-Token of every request that changes something */
                            readonly csrfToken: string;
                            readonly person: {
                                readonly id: string;
                                readonly name: string;
                                readonly login: string;
                                readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
                            };
                            readonly rights: readonly string[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /** Sign out */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description You are signed out. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** End one of your sessions */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a session id: ses_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description It has ended. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/current/passkey-options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Begin to prove again who you are, with a passkey */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description sealed: send it back with the answer, within five minutes */
                            readonly ceremony: string;
                            /** @description for PublicKeyCredential.parseRequestOptionsFromJSON() */
                            readonly options: {
                                readonly challenge: string;
                                readonly rpId: string;
                                readonly timeout: number;
                                readonly userVerification: string;
                                readonly allowCredentials?: readonly {
                                    readonly id: string;
                                    /** @enum {string} */
                                    readonly type: "public-key";
                                }[];
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/current/reauthenticate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Prove again who you are
         * @description What is sensitive can be done for five minutes after it. The session gets another cookie and another CSRF token; the ones before are nothing any more. Five wrong proofs in a row end the session.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a proof whose kind is passkey or password */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly kind: "passkey";
                        /** @description the ceremony that the options came with */
                        readonly ceremony: string;
                        /** @description the use of a passkey as PublicKeyCredential.toJSON() has it */
                        readonly answer: {
                            /** @description base64url, at most 1400 characters */
                            readonly id: string;
                            /** @description base64url, at most 1400 characters */
                            readonly rawId: string;
                            /**
                             * @description public-key
                             * @enum {string}
                             */
                            readonly type: "public-key";
                            readonly authenticatorAttachment?: string | null;
                            /** @description what was asked for, which is credProps at most */
                            readonly clientExtensionResults?: {
                                readonly credProps?: {
                                    readonly rk?: boolean;
                                };
                            };
                            readonly response: {
                                /** @description base64url, at most 4000 characters */
                                readonly clientDataJSON: string;
                                /** @description base64url, at most 4000 characters */
                                readonly authenticatorData: string;
                                /** @description base64url, at most 4000 characters */
                                readonly signature: string;
                                readonly userHandle?: string | null;
                            };
                        };
                    } | {
                        /** @enum {string} */
                        readonly kind: "password";
                        /** @description a password */
                        readonly password: string;
                        /** @description six digits */
                        readonly code: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a session id: ses_ and 32 hex digits */
                            readonly id: string;
                            /** @description passkey or password */
                            readonly by: string;
                            /** @description where it was signed in from */
                            readonly address: string;
                            readonly current: boolean;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly lastSeenAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly provedAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly idleEndsAt: string;
                            /** @description for X-CSRF-Token of every request that changes something */
                            readonly csrfToken: string;
                            readonly person: {
                                readonly id: string;
                                readonly name: string;
                                readonly login: string;
                                readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
                            };
                            readonly rights: readonly string[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** You, your factors, and what happened lately */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a person id: usr_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            readonly login: string;
                            readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
                            readonly factors: readonly {
                                /** @description a factor id: fac_ and 32 hex digits */
                                readonly id: string;
                                /** @description passkey, password or totp */
                                readonly kind: string;
                                readonly label: string | null;
                                readonly synced: boolean | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                                readonly lastUsedAt: string | null;
                            }[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly disabledAt: string | null;
                            /** @description the last 20: sign-ins, refused ones, factors, roles */
                            readonly securityEvents: readonly {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly action: string;
                                readonly outcome: string;
                                /** @description you, somebody else, or the hub */
                                readonly by: string;
                                readonly address: string | null;
                                /** @description ids and numbers */
                                readonly detail: {
                                    readonly [key: string]: unknown;
                                };
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/me/passkey-options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Begin to make another passkey */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description sealed: send it back with the answer, within five minutes */
                            readonly ceremony: string;
                            /** @description for PublicKeyCredential.parseCreationOptionsFromJSON() */
                            readonly options: {
                                readonly challenge: string;
                                readonly rp: {
                                    readonly id: string;
                                    readonly name: string;
                                };
                                readonly user: {
                                    readonly id: string;
                                    readonly name: string;
                                    readonly displayName: string;
                                };
                                readonly pubKeyCredParams: readonly {
                                    readonly alg: number;
                                    /** @enum {string} */
                                    readonly type: "public-key";
                                }[];
                                readonly timeout: number;
                                readonly attestation: string;
                                readonly excludeCredentials: readonly {
                                    readonly id: string;
                                    /** @enum {string} */
                                    readonly type: "public-key";
                                }[];
                                readonly authenticatorSelection: {
                                    readonly residentKey: string;
                                    readonly requireResidentKey: boolean;
                                    readonly userVerification: string;
                                };
                                readonly extensions: {
                                    readonly credProps: boolean;
                                };
                                readonly hints: readonly string[];
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/me/app-options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Begin to set up an authenticator app */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description sealed: send it back with the first code, within five minutes */
                            readonly ceremony: string;
                            /** @description for somebody who types it: base32 */
                            readonly secret: string;
                            /** @description for a QR code: otpauth://totp/… */
                            readonly uri: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/me/factors": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Add a passkey, or set a password
         * @description A password takes the place of the one before, and needs an authenticator app beside it: without `app` the one that is there stays. Your other sessions end.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a factor whose kind is passkey or password */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly kind: "passkey";
                        /** @description the ceremony that the options came with */
                        readonly ceremony: string;
                        /** @description a new passkey as PublicKeyCredential.toJSON() has it */
                        readonly answer: {
                            /** @description base64url, at most 1400 characters */
                            readonly id: string;
                            /** @description base64url, at most 1400 characters */
                            readonly rawId: string;
                            /**
                             * @description public-key
                             * @enum {string}
                             */
                            readonly type: "public-key";
                            readonly authenticatorAttachment?: string | null;
                            /** @description what was asked for, which is credProps at most */
                            readonly clientExtensionResults?: {
                                readonly credProps?: {
                                    readonly rk?: boolean;
                                };
                            };
                            readonly response: {
                                /** @description base64url, at most 4000 characters */
                                readonly clientDataJSON: string;
                                /** @description base64url, at most 20000 characters */
                                readonly attestationObject: string;
                                /** @description base64url, at most 4000 characters */
                                readonly authenticatorData?: string;
                                /** @description base64url, at most 4000 characters */
                                readonly publicKey?: string;
                                readonly publicKeyAlgorithm?: number;
                                readonly transports?: readonly string[];
                            };
                        };
                        /** @description a name for the passkey, of 1 to 50 characters */
                        readonly label: string;
                    } | {
                        /** @enum {string} */
                        readonly kind: "password";
                        /** @description a password of 12 to 200 characters, whichever you like */
                        readonly password: string;
                        /** @description an authenticator app that shows codes already */
                        readonly app?: {
                            /** @description the ceremony that the options came with */
                            readonly ceremony: string;
                            /** @description six digits */
                            readonly code: string;
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a factor id: fac_ and 32 hex digits */
                                readonly id: string;
                                /** @description passkey, password or totp */
                                readonly kind: string;
                                readonly label: string | null;
                                readonly synced: boolean | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                                readonly lastUsedAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/me/factors/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove a factor
         * @description A password goes together with its authenticator app. Your other sessions end. What remains must be enough to sign in.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a factor id: fac_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description It is gone. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        /**
         * Rename a passkey
         * @description Only what it is called: it signs you in as before, and no session ends.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a factor id: fac_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what the passkey is called from now on */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a name for the passkey, of 1 to 50 characters */
                        readonly label: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a factor id: fac_ and 32 hex digits */
                            readonly id: string;
                            /** @description passkey, password or totp */
                            readonly kind: string;
                            readonly label: string | null;
                            readonly synced: boolean | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly lastUsedAt: string | null;
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/v1/people/me/views": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Your views of payments, the oldest first */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a view id: viw_ and 32 hex digits */
                                readonly id: string;
                                readonly name: string;
                                /** @description what the list is narrowed by */
                                readonly filters: {
                                    /** @description what is looked for: 1 to 64 characters, none of them a control character */
                                    readonly q?: string;
                                    /**
                                     * @description one of requires_authentication, requires_approval, processing, deemed, succeeded, failed, returned, cancelled
                                     * @enum {string}
                                     */
                                    readonly inStatus?: "requires_authentication" | "requires_approval" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                                    /**
                                     * @description one of outward, inward
                                     * @enum {string}
                                     */
                                    readonly direction?: "outward" | "inward";
                                    /** @description a day of India: YYYY-MM-DD */
                                    readonly from?: string;
                                    /** @description a day of India: YYYY-MM-DD */
                                    readonly to?: string;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly minAmount?: string;
                                    /**
                                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                     * @example 150000
                                     */
                                    readonly maxAmount?: string;
                                };
                                readonly columns: readonly string[];
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly updatedAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Save a view of payments
         * @description A name, and what the list is narrowed by then. Nobody else sees it. 50 at most, each name once.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a view to save */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a name of 1 to 50 characters, none of them a control character */
                        readonly name: string;
                        /** @description what the list is narrowed by */
                        readonly filters: {
                            /** @description what is looked for: 1 to 64 characters, none of them a control character */
                            readonly q?: string;
                            /**
                             * @description one of requires_authentication, requires_approval, processing, deemed, succeeded, failed, returned, cancelled
                             * @enum {string}
                             */
                            readonly inStatus?: "requires_authentication" | "requires_approval" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                            /**
                             * @description one of outward, inward
                             * @enum {string}
                             */
                            readonly direction?: "outward" | "inward";
                            /** @description a day of India: YYYY-MM-DD */
                            readonly from?: string;
                            /** @description a day of India: YYYY-MM-DD */
                            readonly to?: string;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly minAmount?: string;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly maxAmount?: string;
                        };
                        /** @description columns that are shown, each once; empty: those that the list begins with */
                        readonly columns?: readonly ("createdAt" | "amount" | "status" | "direction" | "with" | "rrn" | "reference" | "responseCode" | "channel" | "id")[];
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a view id: viw_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            /** @description what the list is narrowed by */
                            readonly filters: {
                                /** @description what is looked for: 1 to 64 characters, none of them a control character */
                                readonly q?: string;
                                /**
                                 * @description one of requires_authentication, requires_approval, processing, deemed, succeeded, failed, returned, cancelled
                                 * @enum {string}
                                 */
                                readonly inStatus?: "requires_authentication" | "requires_approval" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                                /**
                                 * @description one of outward, inward
                                 * @enum {string}
                                 */
                                readonly direction?: "outward" | "inward";
                                /** @description a day of India: YYYY-MM-DD */
                                readonly from?: string;
                                /** @description a day of India: YYYY-MM-DD */
                                readonly to?: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly minAmount?: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly maxAmount?: string;
                            };
                            readonly columns: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly updatedAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/me/views/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Delete a view */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a view id: viw_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description It is gone. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a view
         * @description What is given takes the place of what was there; `filters` and `columns` as a whole.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a view id: viw_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what to change of a view */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a name of 1 to 50 characters, none of them a control character */
                        readonly name?: string;
                        /** @description what the list is narrowed by */
                        readonly filters?: {
                            /** @description what is looked for: 1 to 64 characters, none of them a control character */
                            readonly q?: string;
                            /**
                             * @description one of requires_authentication, requires_approval, processing, deemed, succeeded, failed, returned, cancelled
                             * @enum {string}
                             */
                            readonly inStatus?: "requires_authentication" | "requires_approval" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                            /**
                             * @description one of outward, inward
                             * @enum {string}
                             */
                            readonly direction?: "outward" | "inward";
                            /** @description a day of India: YYYY-MM-DD */
                            readonly from?: string;
                            /** @description a day of India: YYYY-MM-DD */
                            readonly to?: string;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly minAmount?: string;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly maxAmount?: string;
                        };
                        /** @description columns that are shown, each once; empty: those that the list begins with */
                        readonly columns?: readonly ("createdAt" | "amount" | "status" | "direction" | "with" | "rrn" | "reference" | "responseCode" | "channel" | "id")[];
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a view id: viw_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            /** @description what the list is narrowed by */
                            readonly filters: {
                                /** @description what is looked for: 1 to 64 characters, none of them a control character */
                                readonly q?: string;
                                /**
                                 * @description one of requires_authentication, requires_approval, processing, deemed, succeeded, failed, returned, cancelled
                                 * @enum {string}
                                 */
                                readonly inStatus?: "requires_authentication" | "requires_approval" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                                /**
                                 * @description one of outward, inward
                                 * @enum {string}
                                 */
                                readonly direction?: "outward" | "inward";
                                /** @description a day of India: YYYY-MM-DD */
                                readonly from?: string;
                                /** @description a day of India: YYYY-MM-DD */
                                readonly to?: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly minAmount?: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly maxAmount?: string;
                            };
                            readonly columns: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly updatedAt: string;
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/v1/people": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** All people who may act for you */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly components["schemas"]["Person"][];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Invite a person
         * @description The answer has a link that works once, for 72 hours: hand it over so that nobody else reads it. Where a rule for `person` exists the answer is 202 and the approval; once others have agreed, `POST /v1/people/{id}/invitation` gives the link.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a person who will act for you */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a name of 1 to 100 characters */
                        readonly name: string;
                        /** @description a login of 3 to 100 letters, digits and . _ % + @ -, such as an e-mail address; large and small letters are the same */
                        readonly login: string;
                        /** @description at least one role, each once */
                        readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a person id: usr_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            readonly login: string;
                            readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
                            /** @description kinds of what they prove who they are with; none: they have not accepted their invitation yet */
                            readonly factors: readonly ("passkey" | "password" | "totp")[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly disabledAt: string | null;
                            readonly invitation: {
                                /** @description for the person and nobody else: shown now and never again */
                                readonly token: string;
                                readonly link: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly expiresAt: string;
                            };
                        };
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One person */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a person id: usr_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Person"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Give a person other roles
         * @description At once, also in sessions that are open. Where a rule for `person` exists it waits for approval: 202.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a person id: usr_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description roles in the place of those before */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description at least one role, each once */
                        readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Person"];
                    };
                };
                /** @description It waits for approval. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/v1/people/{id}/invitation": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make an invitation for a person who cannot sign in
         * @description For somebody who has not accepted yet, or whose factors were reset. The invitation before is void.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a person id: usr_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description for the person and nobody else: shown now and never again */
                            readonly token: string;
                            readonly link: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/{id}/disable": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Let a person in no more
         * @description At once: all their sessions end, and an invitation that they have not used is void.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a person id: usr_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/{id}/sign-out": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * End all sessions of a person
         * @description They can sign in again.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a person id: usr_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/{id}/enable": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Let a person in again
         * @description With the roles and factors that they had. Where a rule for `person` exists it waits for approval: 202.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a person id: usr_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
                /** @description Done. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/people/{id}/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Reset a person's factors, for somebody who lost them
         * @description It always waits for another administrator, or for whom a rule for `person` names. Then all factors and sessions of the person are over, and `POST /v1/people/{id}/invitation` gives a link to begin again with.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a person id: usr_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/sessions/current": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This session, with its CSRF token */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /** @description code or passkey */
                            readonly by: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly provedAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly idleEndsAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                            /** @description for X-CSRF-Token of every request that changes something */
                            readonly csrfToken: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /** Sign out */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description The session has ended. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** You, your accounts and your factors */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a customer id: cus_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            readonly mobile: string | null;
                            readonly language: string;
                            readonly stoppedAt: string | null;
                            readonly stoppedBy: string | null;
                            readonly accounts: readonly {
                                /**
                                 * @description an account id: acc_ and a number
                                 * @example acc_100001
                                 */
                                readonly id: string;
                                readonly name: string;
                                /** @description masked; in full only on its own, where `full=true` asks for it */
                                readonly accountNumber: string;
                                /**
                                 * @description an IFSC: four letters, a zero, six letters or digits
                                 * @example HDFC0000123
                                 */
                                readonly ifsc: string;
                                readonly mobile: string | null;
                                readonly mmid: string | null;
                                /** @enum {string} */
                                readonly status: "open" | "frozen" | "closed";
                                /** @enum {string} */
                                readonly currency: "INR";
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly balance: string;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly available: string;
                            }[];
                            readonly factors: readonly {
                                readonly id: string;
                                /**
                                 * @description one of mpin, sms, totp, passkey
                                 * @enum {string}
                                 */
                                readonly kind: "mpin" | "sms" | "totp" | "passkey";
                                readonly enrolledAt: string | null;
                                readonly proveBy: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/accounts/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One of your accounts
         * @description With `full=true` its number is in full, so that somebody can be told where to pay; the look is written down.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description true: the account number and mobile number in full */
                    readonly full?: boolean;
                };
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /**
                             * @description an account id: acc_ and a number
                             * @example acc_100001
                             */
                            readonly id: string;
                            readonly name: string;
                            /** @description masked; in full only on its own, where `full=true` asks for it */
                            readonly accountNumber: string;
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc: string;
                            readonly mobile: string | null;
                            readonly mmid: string | null;
                            /** @enum {string} */
                            readonly status: "open" | "frozen" | "closed";
                            /** @enum {string} */
                            readonly currency: "INR";
                            /** @description an amount in paise as a string of digits, with a minus for a debit */
                            readonly balance: string;
                            /** @description an amount in paise as a string of digits, with a minus for a debit */
                            readonly available: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/accounts/{id}/entries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Statement of one of your accounts, newest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description counts the entries of this account from 1, without gaps */
                                readonly number: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                /** @enum {string} */
                                readonly kind: "opening" | "hold" | "void" | "credit" | "return";
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amount: string;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly balanceAfter: string;
                                readonly paymentId: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/accounts/{id}/statement": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Statement of one of your accounts, to keep or to print
         * @description The last 1000 entries, newest first.
         */
        readonly get: {
            readonly parameters: {
                readonly query: {
                    /** @description csv or pdf */
                    readonly format: "csv" | "pdf";
                };
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description The statement. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "text/csv; charset=utf-8": string;
                        readonly "application/pdf": string;
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/stop": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop everything that leaves your accounts
         * @description What has left is not touched. What operations stopped, a customer cannot let go again.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a customer id: cus_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            readonly mobile: string | null;
                            readonly language: string;
                            readonly stoppedAt: string | null;
                            readonly stoppedBy: string | null;
                            readonly accounts: readonly {
                                /**
                                 * @description an account id: acc_ and a number
                                 * @example acc_100001
                                 */
                                readonly id: string;
                                readonly name: string;
                                /** @description masked; in full only on its own, where `full=true` asks for it */
                                readonly accountNumber: string;
                                /**
                                 * @description an IFSC: four letters, a zero, six letters or digits
                                 * @example HDFC0000123
                                 */
                                readonly ifsc: string;
                                readonly mobile: string | null;
                                readonly mmid: string | null;
                                /** @enum {string} */
                                readonly status: "open" | "frozen" | "closed";
                                /** @enum {string} */
                                readonly currency: "INR";
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly balance: string;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly available: string;
                            }[];
                            readonly factors: readonly {
                                readonly id: string;
                                /**
                                 * @description one of mpin, sms, totp, passkey
                                 * @enum {string}
                                 */
                                readonly kind: "mpin" | "sms" | "totp" | "passkey";
                                readonly enrolledAt: string | null;
                                readonly proveBy: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Let payments go again
         * @description What has left is not touched. What operations stopped, a customer cannot let go again.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a customer id: cus_ and 32 hex digits */
                            readonly id: string;
                            readonly name: string;
                            readonly mobile: string | null;
                            readonly language: string;
                            readonly stoppedAt: string | null;
                            readonly stoppedBy: string | null;
                            readonly accounts: readonly {
                                /**
                                 * @description an account id: acc_ and a number
                                 * @example acc_100001
                                 */
                                readonly id: string;
                                readonly name: string;
                                /** @description masked; in full only on its own, where `full=true` asks for it */
                                readonly accountNumber: string;
                                /**
                                 * @description an IFSC: four letters, a zero, six letters or digits
                                 * @example HDFC0000123
                                 */
                                readonly ifsc: string;
                                readonly mobile: string | null;
                                readonly mmid: string | null;
                                /** @enum {string} */
                                readonly status: "open" | "frozen" | "closed";
                                /** @enum {string} */
                                readonly currency: "INR";
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly balance: string;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly available: string;
                            }[];
                            readonly factors: readonly {
                                readonly id: string;
                                /**
                                 * @description one of mpin, sms, totp, passkey
                                 * @enum {string}
                                 */
                                readonly kind: "mpin" | "sms" | "totp" | "passkey";
                                readonly enrolledAt: string | null;
                                readonly proveBy: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/name-enquiries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Ask whose account it is, before paying */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description whose name to ask for */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description an account id: acc_ and a number
                         * @example acc_100001
                         */
                        readonly from: string;
                        /** @description a beneficiary whose kind is account, mmid or mobile */
                        readonly to: {
                            /** @enum {string} */
                            readonly kind: "account";
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc: string;
                            /**
                             * @description a bank account number: 1 to 30 letters and digits
                             * @example 50100123456789
                             */
                            readonly account: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mmid";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description an MMID: 7 digits
                             * @example 9229123
                             */
                            readonly mmid: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mobile";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description the first four letters of an IFSC of the bank
                             * @example HDFC
                             */
                            readonly bank: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["NameEnquiry"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/payments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What one of your accounts paid and received, newest first */
        readonly get: {
            readonly parameters: {
                readonly query: {
                    /**
                     * @description an account id: acc_ and a number
                     * @example acc_100001
                     */
                    readonly account: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly components["schemas"]["Payment"][];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Pay from one of your accounts
         * @description The payment waits in `requires_authentication` for the two factors of its customer. `Idempotency-Key` is the customer’s own: the same key with the same body gives the same payment again.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header: {
                    /**
                     * @description 1 to 255 printable ASCII characters, bare or quoted: one key, one payment, however often it is asked for
                     * @example 7f3c9a52-1d0e-4a86-9e0b-2f5a8c1d7e64
                     */
                    readonly "Idempotency-Key": string;
                    /**
                     * @description `wait=N`: hold the answer until the payment is final, N seconds at most (30)
                     * @example wait=10
                     */
                    readonly Prefer?: string;
                };
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a payment to make */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount: string;
                        /**
                         * @description an account id: acc_ and a number
                         * @example acc_100001
                         */
                        readonly from: string;
                        /** @description a beneficiary whose kind is account, mmid or mobile */
                        readonly to: {
                            /** @enum {string} */
                            readonly kind: "account";
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc: string;
                            /**
                             * @description a bank account number: 1 to 30 letters and digits
                             * @example 50100123456789
                             */
                            readonly account: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mmid";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description an MMID: 7 digits
                             * @example 9229123
                             */
                            readonly mmid: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "mobile";
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile: string;
                            /**
                             * @description the first four letters of an IFSC of the bank
                             * @example HDFC
                             */
                            readonly bank: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                        };
                        /**
                         * @description remarks of 1 to 50 ASCII characters
                         * @example rent march
                         */
                        readonly remarks?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/payments/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One of your payments */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: {
                    /**
                     * @description `wait=N`: hold the answer until the payment is final, N seconds at most (30)
                     * @example wait=10
                     */
                    readonly Prefer?: string;
                };
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/payments/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Follow one of your payments
         * @description Server-sent events, as for `/v1/payments/{id}/events`.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "text/event-stream": string;
                    };
                };
                /** @description All events of the payment have been sent. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/payments/{id}/authenticate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Prove that a payment is yours, with two factors
         * @description As `/v1/payments/{id}/authenticate`: `send` first, then both factors.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description either `send`, or two factors: mpin and one of sms, totp, passkey */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description the factor to ask the customer for: one of sms, totp, passkey
                         * @enum {string}
                         */
                        readonly send?: "sms" | "totp" | "passkey";
                        /** @description six digits */
                        readonly mpin?: string;
                        /** @description six digits */
                        readonly sms?: string;
                        /** @description six digits */
                        readonly totp?: string;
                        /** @description what navigator.credentials.get gave */
                        readonly passkey?: {
                            /** @description bytes in base64url */
                            readonly id: string;
                            /** @description bytes in base64url */
                            readonly rawId: string;
                            /** @enum {string} */
                            readonly type: "public-key";
                            readonly response: {
                                /** @description bytes in base64url */
                                readonly clientDataJSON: string;
                                /** @description bytes in base64url */
                                readonly authenticatorData: string;
                                /** @description bytes in base64url */
                                readonly signature: string;
                                /** @description bytes in base64url */
                                readonly userHandle?: string;
                            };
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
                /** @description You were asked. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /** @description a payment id: pay_ and 32 hex digits */
                            readonly payment: string;
                            readonly kind: string;
                            /** @description SHA-256, in hex, of the payment, `nonce` and `expiresAt`: what the customer agrees to */
                            readonly digest: string;
                            readonly nonce: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                            readonly triesLeft: number;
                            readonly sentTo: string | null;
                            readonly passkey: Record<string, never> | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/payments/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Cancel what has not been sent */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/mpin": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Change the MPIN
         * @description Your other sessions end. A wrong MPIN counts as a wrong try of a payment does.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description the MPIN that you have, and the one that you want */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description six digits */
                        readonly mpin: string;
                        /** @description six digits */
                        readonly next: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description It is changed. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/passkeys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to make a passkey
         * @description Give `passkey` to `navigator.credentials.create`, and prove it within three minutes.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * @description one of mpin, sms, totp, passkey
                             * @enum {string}
                             */
                            readonly kind: "mpin" | "sms" | "totp" | "passkey";
                            readonly enrolledAt: string | null;
                            readonly proveBy: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly totp: {
                                readonly secret: string;
                                readonly uri: string;
                            } | null;
                            readonly passkey: Record<string, never> | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/passkeys/{factorId}/prove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Prove a passkey that was begun */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a factor id: fac_ and 32 hex digits */
                    readonly factorId: string;
                };
                readonly cookie?: never;
            };
            /** @description what navigator.credentials.create gave */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        readonly passkey: {
                            /** @description bytes in base64url */
                            readonly id: string;
                            /** @description bytes in base64url */
                            readonly rawId: string;
                            /** @enum {string} */
                            readonly type: "public-key";
                            readonly response: {
                                /** @description bytes in base64url */
                                readonly clientDataJSON: string;
                                /** @description bytes in base64url */
                                readonly attestationObject: string;
                                readonly transports?: readonly string[];
                            };
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * @description one of mpin, sms, totp, passkey
                             * @enum {string}
                             */
                            readonly kind: "mpin" | "sms" | "totp" | "passkey";
                            readonly enrolledAt: string | null;
                            readonly proveBy: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/passkeys/{factorId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Remove a passkey */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a factor id: fac_ and 32 hex digits */
                    readonly factorId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": null;
                    };
                };
                /** @description It proves nothing any more. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/requests": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask to be paid
         * @description Makes a payment link for one of your accounts: whoever has its `url` can pay it, from any bank.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header: {
                    /**
                     * @description 1 to 255 printable ASCII characters, bare or quoted: one key, one payment, however often it is asked for
                     * @example 7f3c9a52-1d0e-4a86-9e0b-2f5a8c1d7e64
                     */
                    readonly "Idempotency-Key": string;
                    /**
                     * @description `wait=N`: hold the answer until the payment is final, N seconds at most (30)
                     * @example wait=10
                     */
                    readonly Prefer?: string;
                };
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description what to ask for */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description an account id: acc_ and a number
                         * @example acc_100001
                         */
                        readonly account: string;
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount?: string;
                        /** @description what the payer reads: 1 to 100 characters, none of them a control character */
                        readonly description?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                            readonly id: string;
                            /** @description where the payer pays; whoever has it may see what is asked for */
                            readonly url: string;
                            /**
                             * @description one of open, paid, expired, cancelled
                             * @enum {string}
                             */
                            readonly status: "open" | "paid" | "expired" | "cancelled";
                            readonly amount: string | null;
                            /** @enum {string} */
                            readonly currency: "INR";
                            readonly partial: boolean;
                            /** @enum {string} */
                            readonly uses: "once" | "many";
                            /** @description an amount in paise as a string of digits, with a minus for a debit */
                            readonly amountReceived: string;
                            readonly amountRemaining: string | null;
                            /**
                             * @description an account id: acc_ and a number
                             * @example acc_100001
                             */
                            readonly account: string;
                            readonly reference: string | null;
                            readonly description: string | null;
                            readonly returnUrl: string | null;
                            /** @description an account number made for this link: what is paid into it by IMPS is this link’s */
                            readonly virtualAccount: {
                                /**
                                 * @description an IFSC: four letters, a zero, six letters or digits
                                 * @example HDFC0000123
                                 */
                                readonly ifsc: string;
                                /**
                                 * @description a bank account number: 1 to 30 letters and digits
                                 * @example 50100123456789
                                 */
                                readonly accountNumber: string;
                            };
                            readonly lastPayment: {
                                /** @description a payment id: pay_ and 32 hex digits */
                                readonly payment: string;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /**
                                 * @description a retrieval reference number: 12 digits
                                 * @example 632609000123
                                 */
                                readonly rrn: string;
                                /**
                                 * @description exact: as much as was due; part, under: less (in parts, or not asked for so); over: more; late: after the link had ended; repeated: after it was paid
                                 * @enum {string}
                                 */
                                readonly outcome: "exact" | "part" | "under" | "over" | "late" | "repeated";
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly creditedAt: string;
                            } | null;
                            readonly expiresAt: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly updatedAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/links": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * What a payment link asks for
         * @description Pay it as a payment to its `virtualAccount`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description the last part of the address of a payment link */
                        readonly link: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly payee: string;
                            /**
                             * @description one of open, paid, expired, cancelled
                             * @enum {string}
                             */
                            readonly status: "open" | "paid" | "expired" | "cancelled";
                            readonly amount: string | null;
                            readonly amountRemaining: string | null;
                            readonly description: string | null;
                            readonly virtualAccount: {
                                /**
                                 * @description an IFSC: four letters, a zero, six letters or digits
                                 * @example HDFC0000123
                                 */
                                readonly ifsc: string;
                                /**
                                 * @description a bank account number: 1 to 30 letters and digits
                                 * @example 50100123456789
                                 */
                                readonly accountNumber: string;
                            };
                            readonly expiresAt: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/banks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Banks, by code */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a part of a name or code */
                    readonly q?: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description the first four letters of its IFSCs, or what a sub-member without any is known by */
                                readonly code: string;
                                readonly name: string;
                                readonly nbin: string | null;
                                readonly takesImps: boolean;
                                /**
                                 * @description who says whether it takes IMPS: the wire profile, NPCI's list of members, or the public dataset, which assumes it of every bank
                                 * @enum {string}
                                 */
                                readonly source: "profile" | "npci" | "dataset";
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/ifsc/{code}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The bank behind an IFSC
         * @description From the public list of the Reserve Bank that comes with the hub. Nobody publishes which branches take IMPS: see `takesImps`.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /**
                     * @description an IFSC: four letters, a zero, six letters or digits
                     * @example HDFC0000123
                     */
                    readonly code: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc: string;
                            /** @description the code of the branch */
                            readonly branch: string;
                            readonly bank: {
                                /** @description the first four letters of its IFSCs, or what a sub-member without any is known by */
                                readonly code: string;
                                readonly name: string;
                                readonly nbin: string | null;
                                readonly takesImps: boolean;
                                /**
                                 * @description who says whether it takes IMPS: the wire profile, NPCI's list of members, or the public dataset, which assumes it of every bank
                                 * @enum {string}
                                 */
                                readonly source: "profile" | "npci" | "dataset";
                            };
                            readonly behind: {
                                readonly code: string | null;
                                readonly name: string;
                            } | null;
                            readonly listed: boolean | null;
                            readonly takesImps: boolean | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/positions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How much of its net debit cap each bank has used
         * @description `used` is what was paid outward (approved and deemed) less what came inward, since `refreshedAt`: the end of the last cycle that was settled. `inFlight` was sent and is open; it is not in `used`. Counted about every second; NPCI makes its own check.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly institution: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly refreshedAt: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly outward: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly inward: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly used: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly inFlight: string;
                                readonly cap: string | null;
                                readonly usedPercent: number | null;
                                /** @description the highest of 60, 80, 90 and 100 per cent that was crossed, or 0 */
                                readonly level: number;
                                /**
                                 * @description what becomes of new outward payments when the cap is used up: alert (nothing), hold or refuse
                                 * @enum {string}
                                 */
                                readonly onFull: "alert" | "hold" | "refuse";
                                readonly stopped: ("alert" | "hold" | "refuse") | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly countedAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/positions/{institution}/cap": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The net debit cap of a bank: what holds, what was said, and which levels were crossed */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description the code of a bank of this hub */
                    readonly institution: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly institution: string;
                            readonly current: {
                                readonly cap: string | null;
                                /**
                                 * @description what becomes of new outward payments when the cap is used up: alert (nothing), hold or refuse
                                 * @enum {string}
                                 */
                                readonly onFull: "alert" | "hold" | "refuse";
                            };
                            readonly data: readonly {
                                readonly id: string;
                                readonly cap: string | null;
                                /**
                                 * @description what becomes of new outward payments when the cap is used up: alert (nothing), hold or refuse
                                 * @enum {string}
                                 */
                                readonly onFull: "alert" | "hold" | "refuse";
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly validFrom: string;
                                readonly setBy: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly setAt: string;
                            }[];
                            readonly alerts: readonly {
                                readonly level: number;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly crossedAt: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly used: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly cap: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Say what the net debit cap of a bank is from an instant on
         * @description With `onFull` as `hold`, new outward payments wait in `held` while the cap is used up, and leave when something has come free; as `refuse` they are refused with `net_debit_cap_used`. As `alert`, which is what holds when it is not given, people are told.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description the code of a bank of this hub */
                    readonly institution: string;
                };
                readonly cookie?: never;
            };
            /** @description the net debit cap of a bank from an instant on; null: none */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        readonly cap: string | null;
                        /**
                         * @description what becomes of new outward payments when the cap is used up: alert (nothing), hold or refuse
                         * @enum {string}
                         */
                        readonly onFull?: "alert" | "hold" | "refuse";
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly validFrom?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly institution: string;
                            readonly current: {
                                readonly cap: string | null;
                                /**
                                 * @description what becomes of new outward payments when the cap is used up: alert (nothing), hold or refuse
                                 * @enum {string}
                                 */
                                readonly onFull: "alert" | "hold" | "refuse";
                            };
                            readonly data: readonly {
                                readonly id: string;
                                readonly cap: string | null;
                                /**
                                 * @description what becomes of new outward payments when the cap is used up: alert (nothing), hold or refuse
                                 * @enum {string}
                                 */
                                readonly onFull: "alert" | "hold" | "refuse";
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly validFrom: string;
                                readonly setBy: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly setAt: string;
                            }[];
                            readonly alerts: readonly {
                                readonly level: number;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly crossedAt: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly used: string;
                                /** @description paise as a string of digits, with - in front when below zero */
                                readonly cap: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/explanations/{rrn}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The whole story of the payments with an RRN
         * @description Every message, posting, file line and decision in order, what it means now, and what happens next by when. Other banks and the other direction may have the same RRN: each payment has a story of its own.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description the retrieval reference number: 12 digits */
                    readonly rrn: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly rrn: string;
                            readonly data: readonly {
                                /** @description a payment id: pay_ and 32 hex digits */
                                readonly payment: string;
                                /**
                                 * @description outward or inward
                                 * @enum {string}
                                 */
                                readonly direction: "outward" | "inward";
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                readonly institution: string;
                                readonly remitterBank: string;
                                readonly state: string;
                                readonly story: readonly {
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly at: string;
                                    /**
                                     * @description message, posting, file or decision
                                     * @enum {string}
                                     */
                                    readonly kind: "message" | "posting" | "file" | "decision";
                                    readonly text: string;
                                    /** @description the same, in pieces that are read one after the other */
                                    readonly parts: readonly {
                                        /** @description names the sentence, so that it can be said in another language */
                                        readonly code: string;
                                        /** @description what stands in it: codes, numbers, a cycle */
                                        readonly values: {
                                            readonly [key: string]: string | number;
                                        };
                                        /** @description the same in English */
                                        readonly text: string;
                                    }[];
                                }[];
                                /** @description what it means now, in plain words */
                                readonly now: string;
                                /** @description the same, sentence by sentence */
                                readonly meaning: readonly {
                                    /** @description names the sentence, so that it can be said in another language */
                                    readonly code: string;
                                    /** @description what stands in it: codes, numbers, a cycle */
                                    readonly values: {
                                        readonly [key: string]: string | number;
                                    };
                                    /** @description the same in English */
                                    readonly text: string;
                                }[];
                                /** @description what happens next, and until when */
                                readonly next: readonly {
                                    /** @description names the sentence, so that it can be said in another language */
                                    readonly code: string;
                                    /** @description what stands in it: codes, numbers, a cycle */
                                    readonly values: {
                                        readonly [key: string]: string | number;
                                    };
                                    /** @description the same in English */
                                    readonly text: string;
                                    readonly by: string | null;
                                }[];
                                /** @description all of it, for people; times in IST */
                                readonly text: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/settlement-files": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Settlement files, the latest first
         * @description Everything that came: accepted, superseded by a later one, or refused, with why.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    readonly institution?: string;
                    /** @description one of ntsl, raw_remitter, raw_beneficiary, timeout, adjustment, udir, bank_statement */
                    readonly kind?: "ntsl" | "raw_remitter" | "raw_beneficiary" | "timeout" | "adjustment" | "udir" | "bank_statement";
                    /** @description one of accepted, superseded, refused */
                    readonly state?: "accepted" | "superseded" | "refused";
                    /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                    readonly cycle?: string;
                    /** @description a settlement date in IST */
                    readonly date?: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a file id: fil_ and 32 hex digits */
                                readonly id: string;
                                readonly institution: string | null;
                                readonly kind: ("ntsl" | "raw_remitter" | "raw_beneficiary" | "timeout" | "adjustment" | "udir" | "bank_statement") | null;
                                readonly layout: string | null;
                                readonly fileName: string;
                                readonly settlementDate: string | null;
                                readonly cycle: string | null;
                                /**
                                 * @description one of accepted, superseded, refused
                                 * @enum {string}
                                 */
                                readonly state: "accepted" | "superseded" | "refused";
                                readonly supersedes: string | null;
                                /** @description of the content, decrypted */
                                readonly sha256: string;
                                readonly bytes: number;
                                readonly rows: number | null;
                                readonly amount: string | null;
                                /** @description it came as an OpenPGP message */
                                readonly encrypted: boolean;
                                /** @description by a key of the other side that the hub knows */
                                readonly signed: boolean;
                                readonly refusal: {
                                    /** @description stable: see docs/guides/settlement-files.md */
                                    readonly fault: string;
                                    readonly sheet: string | null;
                                    readonly row: number | null;
                                    readonly column: string | null;
                                    readonly expected: string;
                                    /** @description clipped and masked */
                                    readonly found: string;
                                } | null;
                                /**
                                 * @description one of inbox, api
                                 * @enum {string}
                                 */
                                readonly cameBy: "inbox" | "api";
                                readonly receivedBy: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly receivedAt: string;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Hand in a settlement file
         * @description The body is the file (`application/octet-stream`, up to 16 MiB; larger ones come by the inbox folder). It is taken whole, 201, or refused whole with the row and column that is wrong, 422. The same content again is 200 and changes nothing. Another content for the same bank, kind and cycle is refused unless `replaces` names the file in use, and its cycle is not settled.
         */
        readonly post: {
            readonly parameters: {
                readonly query: {
                    /** @description the name of the file, as NPCI or the bank gave it */
                    readonly name: string;
                    /** @description a file id: fil_ and 32 hex digits */
                    readonly replaces?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It is here already. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a file id: fil_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string | null;
                            readonly kind: ("ntsl" | "raw_remitter" | "raw_beneficiary" | "timeout" | "adjustment" | "udir" | "bank_statement") | null;
                            readonly layout: string | null;
                            readonly fileName: string;
                            readonly settlementDate: string | null;
                            readonly cycle: string | null;
                            /**
                             * @description one of accepted, superseded, refused
                             * @enum {string}
                             */
                            readonly state: "accepted" | "superseded" | "refused";
                            readonly supersedes: string | null;
                            /** @description of the content, decrypted */
                            readonly sha256: string;
                            readonly bytes: number;
                            readonly rows: number | null;
                            readonly amount: string | null;
                            /** @description it came as an OpenPGP message */
                            readonly encrypted: boolean;
                            /** @description by a key of the other side that the hub knows */
                            readonly signed: boolean;
                            readonly refusal: {
                                /** @description stable: see docs/guides/settlement-files.md */
                                readonly fault: string;
                                readonly sheet: string | null;
                                readonly row: number | null;
                                readonly column: string | null;
                                readonly expected: string;
                                /** @description clipped and masked */
                                readonly found: string;
                            } | null;
                            /**
                             * @description one of inbox, api
                             * @enum {string}
                             */
                            readonly cameBy: "inbox" | "api";
                            readonly receivedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly receivedAt: string;
                        };
                    };
                };
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a file id: fil_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string | null;
                            readonly kind: ("ntsl" | "raw_remitter" | "raw_beneficiary" | "timeout" | "adjustment" | "udir" | "bank_statement") | null;
                            readonly layout: string | null;
                            readonly fileName: string;
                            readonly settlementDate: string | null;
                            readonly cycle: string | null;
                            /**
                             * @description one of accepted, superseded, refused
                             * @enum {string}
                             */
                            readonly state: "accepted" | "superseded" | "refused";
                            readonly supersedes: string | null;
                            /** @description of the content, decrypted */
                            readonly sha256: string;
                            readonly bytes: number;
                            readonly rows: number | null;
                            readonly amount: string | null;
                            /** @description it came as an OpenPGP message */
                            readonly encrypted: boolean;
                            /** @description by a key of the other side that the hub knows */
                            readonly signed: boolean;
                            readonly refusal: {
                                /** @description stable: see docs/guides/settlement-files.md */
                                readonly fault: string;
                                readonly sheet: string | null;
                                readonly row: number | null;
                                readonly column: string | null;
                                readonly expected: string;
                                /** @description clipped and masked */
                                readonly found: string;
                            } | null;
                            /**
                             * @description one of inbox, api
                             * @enum {string}
                             */
                            readonly cameBy: "inbox" | "api";
                            readonly receivedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly receivedAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/settlement-files/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One settlement file */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a file id: fil_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a file id: fil_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string | null;
                            readonly kind: ("ntsl" | "raw_remitter" | "raw_beneficiary" | "timeout" | "adjustment" | "udir" | "bank_statement") | null;
                            readonly layout: string | null;
                            readonly fileName: string;
                            readonly settlementDate: string | null;
                            readonly cycle: string | null;
                            /**
                             * @description one of accepted, superseded, refused
                             * @enum {string}
                             */
                            readonly state: "accepted" | "superseded" | "refused";
                            readonly supersedes: string | null;
                            /** @description of the content, decrypted */
                            readonly sha256: string;
                            readonly bytes: number;
                            readonly rows: number | null;
                            readonly amount: string | null;
                            /** @description it came as an OpenPGP message */
                            readonly encrypted: boolean;
                            /** @description by a key of the other side that the hub knows */
                            readonly signed: boolean;
                            readonly refusal: {
                                /** @description stable: see docs/guides/settlement-files.md */
                                readonly fault: string;
                                readonly sheet: string | null;
                                readonly row: number | null;
                                readonly column: string | null;
                                readonly expected: string;
                                /** @description clipped and masked */
                                readonly found: string;
                            } | null;
                            /**
                             * @description one of inbox, api
                             * @enum {string}
                             */
                            readonly cameBy: "inbox" | "api";
                            readonly receivedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly receivedAt: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/settlement-files/{id}/content": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A refused file, as it came
         * @description Files that were refused out of the inbox are kept encrypted for 45 days. They have account numbers in them: a program needs `details:read` too, a person `details:reveal`. Each look is written down.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a file id: fil_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description The file. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/octet-stream": string;
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/settlement-cycles": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The settlement cycles of a day, and which of their files are here
         * @description Of one bank; the latest first, today when no `date` is named. Cycles are expected from the first on that the bank had a file of, and a file is missing 30 minutes after the end of its cycle.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description the code of a bank of this hub */
                    readonly institution?: string;
                    /** @description a settlement date in IST */
                    readonly date?: string;
                    /** @description true: the cycles of the last 45 days of which files are missing or were refused */
                    readonly missing?: boolean;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly institution: string;
                                /** @description its settlement date in IST and its number, such as 2026-11-27/5 */
                                readonly cycle: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly from: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly to: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly dueAt: string;
                                /**
                                 * @description open (it has not ended), awaited (files may still come), incomplete (files are late) or complete (all are here)
                                 * @enum {string}
                                 */
                                readonly state: "open" | "awaited" | "incomplete" | "complete";
                                /** @description its money is in the books */
                                readonly settled: boolean;
                                readonly fault: {
                                    /**
                                     * @description retrying (it is tried again by itself) or aside (not until somebody asks for it)
                                     * @enum {string}
                                     */
                                    readonly state: "retrying" | "aside";
                                    /**
                                     * @description the step that fails: one of match, settle, consequences, adjustments
                                     * @enum {string}
                                     */
                                    readonly step: "match" | "settle" | "consequences" | "adjustments";
                                    readonly tries: number;
                                    /** @description what kind of error it was, and where */
                                    readonly reason: string;
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly failedAt: string;
                                    readonly nextTryAt: string | null;
                                } | null;
                                readonly waitsFor: string | null;
                                readonly files: readonly {
                                    /**
                                     * @description one of ntsl, raw_remitter, raw_beneficiary, timeout, adjustment
                                     * @enum {string}
                                     */
                                    readonly kind: "ntsl" | "raw_remitter" | "raw_beneficiary" | "timeout" | "adjustment";
                                    /**
                                     * @description here, refused, awaited or missing
                                     * @enum {string}
                                     */
                                    readonly state: "here" | "refused" | "awaited" | "missing";
                                    readonly file: string | null;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/settlement-cycles/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Try a cycle again that fails
         * @description For one that is put aside, or whose next try is far: the next look of the hub takes it on from the step that failed, with all tries before it.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a cycle that fails; of the first bank when none is named */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description the code of a bank of this hub */
                        readonly institution?: string;
                        /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                        readonly cycle: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly institution: string;
                            /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                            readonly cycle: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/reconciliation-runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Reconciliation runs, the latest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    readonly institution?: string;
                    /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                    readonly cycle?: string;
                    /** @description a settlement date in IST */
                    readonly date?: string;
                    /** @description running; held (files and statement differ, nothing was matched); matched; failed (nothing was written); rolled_back */
                    readonly state?: "running" | "held" | "matched" | "failed" | "rolled_back";
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a run id: run_ and 32 hex digits */
                                readonly id: string;
                                readonly institution: string;
                                /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                                readonly cycle: string;
                                /**
                                 * @description running; held (files and statement differ, nothing was matched); matched; failed (nothing was written); rolled_back
                                 * @enum {string}
                                 */
                                readonly state: "running" | "held" | "matched" | "failed" | "rolled_back";
                                /** @description while it runs: load, match or write */
                                readonly step: string;
                                /** @description per cent */
                                readonly progress: number;
                                /** @description of the tables it was judged by */
                                readonly rules: string;
                                readonly inputs: readonly {
                                    /** @description core, hub, raw_remitter, raw_beneficiary or ntsl */
                                    readonly what: string;
                                    readonly file: string | null;
                                    readonly name: string;
                                    readonly sha256: string | null;
                                    readonly rows: number;
                                }[];
                                readonly totals: readonly {
                                    /** @description side and status */
                                    readonly what: string;
                                    readonly count: number;
                                    /** @description an amount in paise as a string of digits, with a minus for a debit */
                                    readonly amount: string;
                                    readonly statedCount: number | null;
                                    readonly statedAmount: string | null;
                                    readonly agrees: boolean;
                                }[];
                                /** @description payments by the pass that matched them, paid and unpaid, and breaks by type */
                                readonly counts: {
                                    readonly [key: string]: number;
                                };
                                readonly outcomeHash: string | null;
                                readonly failure: string | null;
                                readonly startedBy: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly startedAt: string;
                                readonly endedAt: string | null;
                                readonly rolledBackBy: string | null;
                                readonly rolledBackAt: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Match a cycle
         * @description Compares the core, the hub and NPCI, payment by payment, and opens breaks for what differs. The answer is the run, which goes on: ask for it until it is not `running` any more. A cycle is matched once: asked again the answer is 200 and the run there is. Online payments go before it.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description the cycle that is to be matched */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                        readonly cycle: string;
                        /** @description the code of a bank of this hub; not given: yours */
                        readonly institution?: string;
                    };
                };
            };
            readonly responses: {
                /** @description There is a run of it. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a run id: run_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string;
                            /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                            readonly cycle: string;
                            /**
                             * @description running; held (files and statement differ, nothing was matched); matched; failed (nothing was written); rolled_back
                             * @enum {string}
                             */
                            readonly state: "running" | "held" | "matched" | "failed" | "rolled_back";
                            /** @description while it runs: load, match or write */
                            readonly step: string;
                            /** @description per cent */
                            readonly progress: number;
                            /** @description of the tables it was judged by */
                            readonly rules: string;
                            readonly inputs: readonly {
                                /** @description core, hub, raw_remitter, raw_beneficiary or ntsl */
                                readonly what: string;
                                readonly file: string | null;
                                readonly name: string;
                                readonly sha256: string | null;
                                readonly rows: number;
                            }[];
                            readonly totals: readonly {
                                /** @description side and status */
                                readonly what: string;
                                readonly count: number;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amount: string;
                                readonly statedCount: number | null;
                                readonly statedAmount: string | null;
                                readonly agrees: boolean;
                            }[];
                            /** @description payments by the pass that matched them, paid and unpaid, and breaks by type */
                            readonly counts: {
                                readonly [key: string]: number;
                            };
                            readonly outcomeHash: string | null;
                            readonly failure: string | null;
                            readonly startedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly startedAt: string;
                            readonly endedAt: string | null;
                            readonly rolledBackBy: string | null;
                            readonly rolledBackAt: string | null;
                        };
                    };
                };
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a run id: run_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string;
                            /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                            readonly cycle: string;
                            /**
                             * @description running; held (files and statement differ, nothing was matched); matched; failed (nothing was written); rolled_back
                             * @enum {string}
                             */
                            readonly state: "running" | "held" | "matched" | "failed" | "rolled_back";
                            /** @description while it runs: load, match or write */
                            readonly step: string;
                            /** @description per cent */
                            readonly progress: number;
                            /** @description of the tables it was judged by */
                            readonly rules: string;
                            readonly inputs: readonly {
                                /** @description core, hub, raw_remitter, raw_beneficiary or ntsl */
                                readonly what: string;
                                readonly file: string | null;
                                readonly name: string;
                                readonly sha256: string | null;
                                readonly rows: number;
                            }[];
                            readonly totals: readonly {
                                /** @description side and status */
                                readonly what: string;
                                readonly count: number;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amount: string;
                                readonly statedCount: number | null;
                                readonly statedAmount: string | null;
                                readonly agrees: boolean;
                            }[];
                            /** @description payments by the pass that matched them, paid and unpaid, and breaks by type */
                            readonly counts: {
                                readonly [key: string]: number;
                            };
                            readonly outcomeHash: string | null;
                            readonly failure: string | null;
                            readonly startedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly startedAt: string;
                            readonly endedAt: string | null;
                            readonly rolledBackBy: string | null;
                            readonly rolledBackAt: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/reconciliation-runs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One reconciliation run */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a run id: run_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a run id: run_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string;
                            /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                            readonly cycle: string;
                            /**
                             * @description running; held (files and statement differ, nothing was matched); matched; failed (nothing was written); rolled_back
                             * @enum {string}
                             */
                            readonly state: "running" | "held" | "matched" | "failed" | "rolled_back";
                            /** @description while it runs: load, match or write */
                            readonly step: string;
                            /** @description per cent */
                            readonly progress: number;
                            /** @description of the tables it was judged by */
                            readonly rules: string;
                            readonly inputs: readonly {
                                /** @description core, hub, raw_remitter, raw_beneficiary or ntsl */
                                readonly what: string;
                                readonly file: string | null;
                                readonly name: string;
                                readonly sha256: string | null;
                                readonly rows: number;
                            }[];
                            readonly totals: readonly {
                                /** @description side and status */
                                readonly what: string;
                                readonly count: number;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amount: string;
                                readonly statedCount: number | null;
                                readonly statedAmount: string | null;
                                readonly agrees: boolean;
                            }[];
                            /** @description payments by the pass that matched them, paid and unpaid, and breaks by type */
                            readonly counts: {
                                readonly [key: string]: number;
                            };
                            readonly outcomeHash: string | null;
                            readonly failure: string | null;
                            readonly startedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly startedAt: string;
                            readonly endedAt: string | null;
                            readonly rolledBackBy: string | null;
                            readonly rolledBackAt: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/reconciliation-runs/{id}/roll-back": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take a run back
         * @description Its breaks, sums and items are gone, and breaks of runs before it are as they were, to the byte. Refused while a later cycle was matched on what it carried, while journals of its cycle stand that no `_reversed` journal turns round (with `journals` those about the cycle itself are), and once something was done about a single payment, or people settled a break of it.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a run id: run_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description true: journals of the cycle itself (settlement, fees, penalties, compensation) are turned round first */
                        readonly journals?: boolean;
                    } | null;
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a run id: run_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string;
                            /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                            readonly cycle: string;
                            /**
                             * @description running; held (files and statement differ, nothing was matched); matched; failed (nothing was written); rolled_back
                             * @enum {string}
                             */
                            readonly state: "running" | "held" | "matched" | "failed" | "rolled_back";
                            /** @description while it runs: load, match or write */
                            readonly step: string;
                            /** @description per cent */
                            readonly progress: number;
                            /** @description of the tables it was judged by */
                            readonly rules: string;
                            readonly inputs: readonly {
                                /** @description core, hub, raw_remitter, raw_beneficiary or ntsl */
                                readonly what: string;
                                readonly file: string | null;
                                readonly name: string;
                                readonly sha256: string | null;
                                readonly rows: number;
                            }[];
                            readonly totals: readonly {
                                /** @description side and status */
                                readonly what: string;
                                readonly count: number;
                                /** @description an amount in paise as a string of digits, with a minus for a debit */
                                readonly amount: string;
                                readonly statedCount: number | null;
                                readonly statedAmount: string | null;
                                readonly agrees: boolean;
                            }[];
                            /** @description payments by the pass that matched them, paid and unpaid, and breaks by type */
                            readonly counts: {
                                readonly [key: string]: number;
                            };
                            readonly outcomeHash: string | null;
                            readonly failure: string | null;
                            readonly startedBy: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly startedAt: string;
                            readonly endedAt: string | null;
                            readonly rolledBackBy: string | null;
                            readonly rolledBackAt: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/breaks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Breaks, the latest first
         * @description What is not as it should be between the core, the hub and NPCI, and what the doors would not decide. `carried` waits for a later cycle and asks nobody for anything.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    readonly institution?: string;
                    /** @description one of B01 to B30 */
                    readonly type?: "B01" | "B02" | "B03" | "B04" | "B05" | "B06" | "B07" | "B08" | "B09" | "B10" | "B11" | "B12" | "B13" | "B14" | "B15" | "B16" | "B17" | "B18" | "B19" | "B20" | "B21" | "B22" | "B23" | "B24" | "B25" | "B26" | "B27" | "B28" | "B29" | "B30";
                    /** @description one of open, assigned, resolved, carried */
                    readonly state?: "open" | "assigned" | "resolved" | "carried";
                    /** @description a settlement cycle: its date in IST and its number, such as 2026-11-27/5 */
                    readonly cycle?: string;
                    /** @description a settlement date in IST */
                    readonly date?: string;
                    /** @description 6 to 12 digits */
                    readonly rrn?: string;
                    /** @description a run id: run_ and 32 hex digits */
                    readonly run?: string;
                    /** @description who has it */
                    readonly assignee?: string;
                    /** @description true: what should have been settled by now */
                    readonly overdue?: boolean;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a break id: brk_ and 32 hex digits */
                                readonly id: string;
                                /**
                                 * @description one of B01 to B30
                                 * @enum {string}
                                 */
                                readonly type: "B01" | "B02" | "B03" | "B04" | "B05" | "B06" | "B07" | "B08" | "B09" | "B10" | "B11" | "B12" | "B13" | "B14" | "B15" | "B16" | "B17" | "B18" | "B19" | "B20" | "B21" | "B22" | "B23" | "B24" | "B25" | "B26" | "B27" | "B28" | "B29" | "B30";
                                /** @description of the type */
                                readonly name: string;
                                /**
                                 * @description one of open, assigned, resolved, carried
                                 * @enum {string}
                                 */
                                readonly state: "open" | "assigned" | "resolved" | "carried";
                                readonly institution: string | null;
                                readonly cycle: string | null;
                                readonly direction: ("outward" | "inward") | null;
                                readonly rrn: string | null;
                                readonly remitterBank: string | null;
                                readonly amount: string | null;
                                readonly payment: string | null;
                                readonly run: string | null;
                                readonly action: string | null;
                                readonly dueAt: string | null;
                                readonly assignee: string | null;
                                readonly resolution: string | null;
                                readonly resolvedBy: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly openedAt: string;
                                readonly closedAt: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/breaks/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One break, explained
         * @description What each source says, how it was found, what is to be done by whom until when, and what people said of it.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a break id: brk_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Break"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/breaks/{id}/assign": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Give a break to somebody */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a break id: brk_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description to whom: a person of yours, null for nobody; not given: you */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        readonly to?: string | null;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a break id: brk_ and 32 hex digits */
                            readonly id: string;
                            /**
                             * @description one of B01 to B30
                             * @enum {string}
                             */
                            readonly type: "B01" | "B02" | "B03" | "B04" | "B05" | "B06" | "B07" | "B08" | "B09" | "B10" | "B11" | "B12" | "B13" | "B14" | "B15" | "B16" | "B17" | "B18" | "B19" | "B20" | "B21" | "B22" | "B23" | "B24" | "B25" | "B26" | "B27" | "B28" | "B29" | "B30";
                            /** @description of the type */
                            readonly name: string;
                            /**
                             * @description one of open, assigned, resolved, carried
                             * @enum {string}
                             */
                            readonly state: "open" | "assigned" | "resolved" | "carried";
                            readonly institution: string | null;
                            readonly cycle: string | null;
                            readonly direction: ("outward" | "inward") | null;
                            readonly rrn: string | null;
                            readonly remitterBank: string | null;
                            readonly amount: string | null;
                            readonly payment: string | null;
                            readonly run: string | null;
                            readonly action: string | null;
                            readonly dueAt: string | null;
                            readonly assignee: string | null;
                            readonly resolution: string | null;
                            readonly resolvedBy: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly openedAt: string;
                            readonly closedAt: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/breaks/{id}/comments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say something of a break
         * @description It is kept sealed, and cannot be changed.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a break id: brk_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what you have to say of it */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description words of 1 to 1000 characters */
                        readonly text: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Break"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/breaks/{id}/resolve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say how a break is settled, with evidence
         * @description It always waits for somebody else: by the rules for `break`, or one checker where there is none. `corrected`: what was wrong has been put right. `accepted`: it stays as it is, and why is known. `forced`: it is matched with other breaks of the same bank and direction; what NPCI has and what it has not must make the same sum. No money moves by it.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a break id: brk_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description how it is settled, and what shows it */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description one of corrected, accepted, forced
                         * @enum {string}
                         */
                        readonly resolution: "corrected" | "accepted" | "forced";
                        /** @description forced: the breaks that it is matched with, 1 to 50 */
                        readonly with?: readonly string[];
                        /** @description what shows it: reference, and note if there is one */
                        readonly evidence: {
                            /** @description where it is seen: a journal, a file and line, a letter, of 1 to 100 characters */
                            readonly reference: string;
                            /** @description 1 to 1000 characters */
                            readonly note?: string;
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/upload-files": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Files for NPCI, the latest first
         * @description Confirmations and returns of time-outs, disputes, good faith: in NPCI’s formats, and where each stands.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    readonly institution?: string;
                    /** @description one of waiting, released, sent, accepted, refused, withdrawn */
                    readonly state?: "waiting" | "released" | "sent" | "accepted" | "refused" | "withdrawn";
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description an upload id: upl_ and 32 hex digits */
                                readonly id: string;
                                readonly institution: string;
                                /** @description NPCI refuses a name that it has seen */
                                readonly fileName: string;
                                /**
                                 * @description one of upload_classic, upload_good_faith
                                 * @enum {string}
                                 */
                                readonly format: "upload_classic" | "upload_good_faith";
                                /**
                                 * @description one of tcc_ret, chargeback, representment, good_faith, other
                                 * @enum {string}
                                 */
                                readonly purpose: "tcc_ret" | "chargeback" | "representment" | "good_faith" | "other";
                                /**
                                 * @description one of waiting, released, sent, accepted, refused, withdrawn
                                 * @enum {string}
                                 */
                                readonly state: "waiting" | "released" | "sent" | "accepted" | "refused" | "withdrawn";
                                readonly rows: number;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /** @description of the file as it leaves, before OpenPGP */
                                readonly sha256: string;
                                readonly agreedSha256: string | null;
                                readonly approval: string | null;
                                readonly dueAt: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly madeAt: string;
                                readonly releasedAt: string | null;
                                readonly sentAt: string | null;
                                readonly answer: string | null;
                                readonly answeredAt: string | null;
                                readonly withdrawal: {
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly at: string;
                                    readonly by: string | null;
                                    readonly reason: string;
                                    readonly said: {
                                        /** @description names the sentence, so that it can be said in another language */
                                        readonly code: string;
                                        /** @description what stands in it: codes, numbers, a cycle */
                                        readonly values: {
                                            readonly [key: string]: string | number;
                                        };
                                        /** @description the same in English */
                                        readonly text: string;
                                    } | null;
                                } | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/upload-files/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One file for NPCI, with its rows */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an upload id: upl_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an upload id: upl_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string;
                            /** @description NPCI refuses a name that it has seen */
                            readonly fileName: string;
                            /**
                             * @description one of upload_classic, upload_good_faith
                             * @enum {string}
                             */
                            readonly format: "upload_classic" | "upload_good_faith";
                            /**
                             * @description one of tcc_ret, chargeback, representment, good_faith, other
                             * @enum {string}
                             */
                            readonly purpose: "tcc_ret" | "chargeback" | "representment" | "good_faith" | "other";
                            /**
                             * @description one of waiting, released, sent, accepted, refused, withdrawn
                             * @enum {string}
                             */
                            readonly state: "waiting" | "released" | "sent" | "accepted" | "refused" | "withdrawn";
                            readonly rows: number;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly amount: string;
                            /** @description of the file as it leaves, before OpenPGP */
                            readonly sha256: string;
                            readonly agreedSha256: string | null;
                            readonly approval: string | null;
                            readonly dueAt: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly madeAt: string;
                            readonly releasedAt: string | null;
                            readonly sentAt: string | null;
                            readonly answer: string | null;
                            readonly answeredAt: string | null;
                            readonly withdrawal: {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly by: string | null;
                                readonly reason: string;
                                readonly said: {
                                    /** @description names the sentence, so that it can be said in another language */
                                    readonly code: string;
                                    /** @description what stands in it: codes, numbers, a cycle */
                                    readonly values: {
                                        readonly [key: string]: string | number;
                                    };
                                    /** @description the same in English */
                                    readonly text: string;
                                } | null;
                            } | null;
                            readonly lines: readonly {
                                /** @description the bank’s own reference of a row, as the file has it: 32 hex digits */
                                readonly reference: string;
                                readonly flag: string;
                                readonly reason: string;
                                readonly rrn: string;
                                /**
                                 * @description one of outward, inward
                                 * @enum {string}
                                 */
                                readonly direction: "outward" | "inward";
                                readonly payment: string | null;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                readonly dueAt: string | null;
                                readonly takenOut: {
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly at: string;
                                    readonly reason: string;
                                    readonly said: {
                                        /** @description names the sentence, so that it can be said in another language */
                                        readonly code: string;
                                        /** @description what stands in it: codes, numbers, a cycle */
                                        readonly values: {
                                            readonly [key: string]: string | number;
                                        };
                                        /** @description the same in English */
                                        readonly text: string;
                                    } | null;
                                } | null;
                                readonly refused: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/upload-files/{id}/release": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask that a file may leave for NPCI
         * @description It always waits for somebody else: by the rules for `upload`, or one checker where there is none. With their last vote it leaves at the next look of the hub, as it is now: its SHA-256 is what they agree to. Before it leaves each row is judged once more: what has ended meanwhile is taken out, with the reason. A no withdraws the file.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an upload id: upl_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description the sha256 of the file that you looked at: that one and no other is meant */
                        readonly sha256?: string;
                    } | null;
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/upload-files/{id}/withdraw": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take a file back that has not left
         * @description Nobody need agree: nothing leaves by it. Confirmations and returns that are still due wait for the next file; what a dispute asked for is dropped from it, and can be asked for again. Once the hub has begun to hand the file over it cannot be taken back.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an upload id: upl_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description why it does not leave */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description why, in words of 1 to 400 characters */
                        readonly reason: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an upload id: upl_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string;
                            /** @description NPCI refuses a name that it has seen */
                            readonly fileName: string;
                            /**
                             * @description one of upload_classic, upload_good_faith
                             * @enum {string}
                             */
                            readonly format: "upload_classic" | "upload_good_faith";
                            /**
                             * @description one of tcc_ret, chargeback, representment, good_faith, other
                             * @enum {string}
                             */
                            readonly purpose: "tcc_ret" | "chargeback" | "representment" | "good_faith" | "other";
                            /**
                             * @description one of waiting, released, sent, accepted, refused, withdrawn
                             * @enum {string}
                             */
                            readonly state: "waiting" | "released" | "sent" | "accepted" | "refused" | "withdrawn";
                            readonly rows: number;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly amount: string;
                            /** @description of the file as it leaves, before OpenPGP */
                            readonly sha256: string;
                            readonly agreedSha256: string | null;
                            readonly approval: string | null;
                            readonly dueAt: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly madeAt: string;
                            readonly releasedAt: string | null;
                            readonly sentAt: string | null;
                            readonly answer: string | null;
                            readonly answeredAt: string | null;
                            readonly withdrawal: {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly by: string | null;
                                readonly reason: string;
                                readonly said: {
                                    /** @description names the sentence, so that it can be said in another language */
                                    readonly code: string;
                                    /** @description what stands in it: codes, numbers, a cycle */
                                    readonly values: {
                                        readonly [key: string]: string | number;
                                    };
                                    /** @description the same in English */
                                    readonly text: string;
                                } | null;
                            } | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/upload-files/{id}/answer": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Hand in what NPCI made of the rows of a file
         * @description NPCI takes a file and refuses single rows of it. Those named were not said: what a dispute asked for is dropped from it, and a confirmation or return is owed again, before people (a break) or, with `again`, in the next file, which people let go. The other rows were taken. The same answer again changes nothing; a row that was refused may be said again later.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an upload id: upl_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what NPCI made of the rows of a file */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description the rows that NPCI did not take; none: it took all */
                        readonly refused: readonly {
                            /** @description the bank’s own reference of a row, as the file has it: 32 hex digits */
                            readonly reference: string;
                            /** @description NPCI’s code or words, 1 to 200 characters */
                            readonly reason: string;
                            /** @description say a confirmation or a return once more, in the next file; without it people decide */
                            readonly again?: boolean;
                        }[];
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an upload id: upl_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string;
                            /** @description NPCI refuses a name that it has seen */
                            readonly fileName: string;
                            /**
                             * @description one of upload_classic, upload_good_faith
                             * @enum {string}
                             */
                            readonly format: "upload_classic" | "upload_good_faith";
                            /**
                             * @description one of tcc_ret, chargeback, representment, good_faith, other
                             * @enum {string}
                             */
                            readonly purpose: "tcc_ret" | "chargeback" | "representment" | "good_faith" | "other";
                            /**
                             * @description one of waiting, released, sent, accepted, refused, withdrawn
                             * @enum {string}
                             */
                            readonly state: "waiting" | "released" | "sent" | "accepted" | "refused" | "withdrawn";
                            readonly rows: number;
                            /**
                             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                             * @example 150000
                             */
                            readonly amount: string;
                            /** @description of the file as it leaves, before OpenPGP */
                            readonly sha256: string;
                            readonly agreedSha256: string | null;
                            readonly approval: string | null;
                            readonly dueAt: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly madeAt: string;
                            readonly releasedAt: string | null;
                            readonly sentAt: string | null;
                            readonly answer: string | null;
                            readonly answeredAt: string | null;
                            readonly withdrawal: {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly by: string | null;
                                readonly reason: string;
                                readonly said: {
                                    /** @description names the sentence, so that it can be said in another language */
                                    readonly code: string;
                                    /** @description what stands in it: codes, numbers, a cycle */
                                    readonly values: {
                                        readonly [key: string]: string | number;
                                    };
                                    /** @description the same in English */
                                    readonly text: string;
                                } | null;
                            } | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/compensation": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Compensation for late money
         * @description A hundred rupees for each day after T+1, paid unasked. `accruing`: the money has not come. `due`: it has, and the account takes nothing: `waitsFor` says why, `nextTryAt` when it is tried again (after an hour, after four, and then every day). What NPCI reports otherwise is a break, B22.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description one of accruing, due, paid */
                    readonly state?: "accruing" | "due" | "paid";
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description a compensation id: cmp_ and 32 hex digits */
                                readonly id: string;
                                readonly institution: string;
                                readonly payment: string | null;
                                readonly rrn: string;
                                /**
                                 * @description one of outward, inward
                                 * @enum {string}
                                 */
                                readonly direction: "outward" | "inward";
                                /**
                                 * @description one of us, other_bank
                                 * @enum {string}
                                 */
                                readonly owedBy: "us" | "other_bank";
                                /** @description the last day in time; each day after it costs 100 rupees */
                                readonly from: string;
                                readonly until: string | null;
                                readonly days: number;
                                /** @description in paise */
                                readonly amount: string;
                                readonly reported: string | null;
                                /**
                                 * @description one of accruing, due, paid
                                 * @enum {string}
                                 */
                                readonly state: "accruing" | "due" | "paid";
                                readonly waitsFor: ("account_frozen" | "account_closed") | null;
                                /** @description that found the account taking nothing */
                                readonly tries: number;
                                readonly nextTryAt: string | null;
                                readonly paidTo: string | null;
                                readonly paidAt: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly updatedAt: string;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/compensation/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Compensation for one late payment */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a compensation id: cmp_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a compensation id: cmp_ and 32 hex digits */
                            readonly id: string;
                            readonly institution: string;
                            readonly payment: string | null;
                            readonly rrn: string;
                            /**
                             * @description one of outward, inward
                             * @enum {string}
                             */
                            readonly direction: "outward" | "inward";
                            /**
                             * @description one of us, other_bank
                             * @enum {string}
                             */
                            readonly owedBy: "us" | "other_bank";
                            /** @description the last day in time; each day after it costs 100 rupees */
                            readonly from: string;
                            readonly until: string | null;
                            readonly days: number;
                            /** @description in paise */
                            readonly amount: string;
                            readonly reported: string | null;
                            /**
                             * @description one of accruing, due, paid
                             * @enum {string}
                             */
                            readonly state: "accruing" | "due" | "paid";
                            readonly waitsFor: ("account_frozen" | "account_closed") | null;
                            /** @description that found the account taking nothing */
                            readonly tries: number;
                            readonly nextTryAt: string | null;
                            readonly paidTo: string | null;
                            readonly paidAt: string | null;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly updatedAt: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/compensation/{id}/pay-elsewhere": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask that compensation goes to another account of its customer
         * @description For what is due while its account is frozen or closed. It always waits for somebody else: by the rules for `compensation`, or one checker where there is none. With their last vote it is paid, if it is still due and the account still takes it.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a compensation id: cmp_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description another account of the same customer, which is open */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description an account id: acc_ and a number
                         * @example acc_100001
                         */
                        readonly account: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/duties": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Answers that are owed to NPCI, the most urgent first
         * @description Confirmations (TCC 102, 103) and returns of inward time-outs that have not left: due on T+1 at 17:30 IST, warned of at 12:00 and at 16:00 of that day. What has left is with NPCI, and not here.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description the code of a bank of this hub */
                    readonly institution?: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                readonly institution: string;
                                readonly rrn: string;
                                readonly payment: string | null;
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /** @description T, a day in IST */
                                readonly transactedOn: string;
                                /**
                                 * @description upload: a file must leave. people: somebody must decide what the answer is
                                 * @enum {string}
                                 */
                                readonly waitsFor: "upload" | "people";
                                readonly answer: string | null;
                                readonly uploadFile: string | null;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly dueAt: string;
                                readonly late: boolean;
                                /** @description 0; 1 since 12:00 of the day it is due; 2 since 16:00 */
                                readonly warnings: number;
                                readonly warnedAt: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/fee-rates": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What NPCI takes per payment
         * @description All rates there have been, and those to come. Of a kind and side those with the latest `validFrom` that has come hold, as a whole; the report settlement-statement says which were applied to a cycle.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /**
                                 * @description one of interchange, switching
                                 * @enum {string}
                                 */
                                readonly kind: "interchange" | "switching";
                                /**
                                 * @description one of remitter, beneficiary
                                 * @enum {string}
                                 */
                                readonly side: "remitter" | "beneficiary";
                                readonly subType: ("F3" | "FC") | null;
                                readonly raw: ("00" | "08") | null;
                                /** @description in paise: of payments of more than this */
                                readonly overAmount: string;
                                /** @description in paise */
                                readonly fee: string;
                                /** @description hundredths of a percent, 0 to 10000: 1800 is 18 % */
                                readonly gstBps: number;
                                /**
                                 * @description one of sum_then_round, round_then_sum
                                 * @enum {string}
                                 */
                                readonly rounding: "sum_then_round" | "round_then_sum";
                                readonly validFrom: string;
                                /**
                                 * @description one of past, in_force, to_come
                                 * @enum {string}
                                 */
                                readonly state: "past" | "in_force" | "to_come";
                                /** @description the circular or letter that it is from */
                                readonly source: string;
                                readonly proposedBy: string | null;
                                readonly approval: string | null;
                                readonly setAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Ask that other rates hold from a day on
         * @description A table takes the place of the one of its kind and side as a whole. Its day must be after today, and after every cycle that is in the books. It always waits for somebody else: by the rules for `fee_rate`, or one checker where there is none. Rates are of all banks of the hub: whoever has only one of several cannot change them.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a table of rates, which holds as a whole from a day on */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description one of interchange, switching
                         * @enum {string}
                         */
                        readonly kind: "interchange" | "switching";
                        /**
                         * @description one of remitter, beneficiary
                         * @enum {string}
                         */
                        readonly side: "remitter" | "beneficiary";
                        /** @description a settlement date in IST */
                        readonly validFrom: string;
                        /** @description hundredths of a percent, 0 to 10000: 1800 is 18 % */
                        readonly gstBps: number;
                        /**
                         * @description one of sum_then_round, round_then_sum
                         * @enum {string}
                         */
                        readonly rounding: "sum_then_round" | "round_then_sum";
                        /** @description 1 to 50 slabs */
                        readonly slabs: readonly {
                            /** @description paise as a string of digits, "0" for none */
                            readonly overAmount: string;
                            /** @description paise as a string of digits, "0" for none */
                            readonly fee: string;
                            /**
                             * @description one of F3, FC
                             * @enum {string}
                             */
                            readonly subType?: "F3" | "FC";
                            /**
                             * @description one of 00, 08
                             * @enum {string}
                             */
                            readonly raw?: "00" | "08";
                        }[];
                        /** @description the circular or letter that it is from, 1 to 200 characters */
                        readonly source: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Approval"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/disputes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Disputes, newest first
         * @description All filters together must fit. `dueBefore` finds what must be answered by then, by us or the other bank.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description one of new, raised, represented, pre_arbitration, pre_arbitration_declined, arbitration, arbitration_continued, panel, for_remitter, for_beneficiary, withdrawn, dropped */
                    readonly state?: "new" | "raised" | "represented" | "pre_arbitration" | "pre_arbitration_declined" | "arbitration" | "arbitration_continued" | "panel" | "for_remitter" | "for_beneficiary" | "withdrawn" | "dropped";
                    /** @description one of chargeback, deferred, fraud, deferred_fraud, wrong_payment, deferred_wrong_payment, credit_adjustment, beneficiary_good_faith, remitter_good_faith, shadow_reversal */
                    readonly family?: "chargeback" | "deferred" | "fraud" | "deferred_fraud" | "wrong_payment" | "deferred_wrong_payment" | "credit_adjustment" | "beneficiary_good_faith" | "remitter_good_faith" | "shadow_reversal";
                    /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
                    readonly flag?: string;
                    /** @description outward or inward */
                    readonly direction?: "outward" | "inward";
                    /**
                     * @description a retrieval reference number: 12 digits
                     * @example 632609000123
                     */
                    readonly rrn?: string;
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly payment?: string;
                    /** @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z */
                    readonly dueBefore?: string;
                    /** @description true: those that are not over; false: those that are */
                    readonly open?: boolean;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                /** @description a payment id: pay_ and 32 hex digits */
                                readonly payment: string;
                                /**
                                 * @description a retrieval reference number: 12 digits
                                 * @example 632609000123
                                 */
                                readonly rrn: string;
                                /**
                                 * @description outward or inward
                                 * @enum {string}
                                 */
                                readonly direction: "outward" | "inward";
                                readonly institution: string;
                                readonly remitterBank: string;
                                /**
                                 * @description one of chargeback, deferred, fraud, deferred_fraud, wrong_payment, deferred_wrong_payment, credit_adjustment, beneficiary_good_faith, remitter_good_faith, shadow_reversal
                                 * @enum {string}
                                 */
                                readonly family: "chargeback" | "deferred" | "fraud" | "deferred_fraud" | "wrong_payment" | "deferred_wrong_payment" | "credit_adjustment" | "beneficiary_good_faith" | "remitter_good_faith" | "shadow_reversal";
                                /**
                                 * @description one of new, raised, represented, pre_arbitration, pre_arbitration_declined, arbitration, arbitration_continued, panel, for_remitter, for_beneficiary, withdrawn, dropped
                                 * @enum {string}
                                 */
                                readonly state: "new" | "raised" | "represented" | "pre_arbitration" | "pre_arbitration_declined" | "arbitration" | "arbitration_continued" | "panel" | "for_remitter" | "for_beneficiary" | "withdrawn" | "dropped";
                                /**
                                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                                 * @example 150000
                                 */
                                readonly amount: string;
                                /** @description a day in IST, such as 2026-11-27 */
                                readonly transactionOn: string;
                                /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
                                readonly flag: string;
                                /** @description a reason code of NPCI: 1 to 5 capital letters and digits, such as 108 */
                                readonly reason: string;
                                /** @description a day in IST, such as 2026-11-27 */
                                readonly steppedOn: string;
                                readonly pending: {
                                    /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
                                    readonly flag: string;
                                    /** @description a reason code of NPCI: 1 to 5 capital letters and digits, such as 108 */
                                    readonly reason: string;
                                    /**
                                     * Format: date-time
                                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                     */
                                    readonly at: string;
                                    /** @description whether this bank does it by itself, when somebody else agrees: `decision` */
                                    readonly own: boolean;
                                } | null;
                                readonly dueAt: string | null;
                                readonly deemed: string | null;
                                /** @description paise as a string of digits */
                                readonly held: string;
                                /** @description paise as a string of digits */
                                readonly receivable: string;
                                readonly hasLien: boolean;
                                readonly openedBy: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly openedAt: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly updatedAt: string;
                                readonly closedAt: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Raise a dispute, or give a credit in good faith
         * @description Judged by the rules of today: `dispute_refused` says why not, and what may be raised instead. It moves no money: it becomes a row of an upload file, which other people must let go, and the dispute is `raised` when a report of NPCI says so.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a payment, and what is to be said about it */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a payment id: pay_ and 32 hex digits */
                        readonly payment: string;
                        /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
                        readonly flag: string;
                        /** @description a reason code of NPCI: 1 to 5 capital letters and digits, such as 108 */
                        readonly reason: string;
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Dispute"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/disputes/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One dispute: what happened, what papers there are, and what may follow by when */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a dispute id: dsp_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Dispute"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/complaint": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * The customer complains that the money never arrived
         * @description What UDIR files for a complaint: a chargeback (B 108) of a deemed payment, or, where the beneficiary bank has confirmed the credit (TCC), a deferred one (FB 121). Which of the two the hub finds on record. It waits for people like any dispute. NPCI OC 117.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description nothing */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": Record<string, never>;
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Dispute"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/disputes/{id}/actions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say what follows in a dispute: accept, represent, pre-arbitration, arbitration, withdraw …
         * @description `next` of the dispute has what may be said, by whom, with which reasons and until when. It moves no money: it becomes a row of an upload file, which other people must let go, and the dispute moves when a report of NPCI says so.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a dispute id: dsp_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what is to be said: one of `next` of the dispute */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
                        readonly flag: string;
                        /** @description a reason code of NPCI: 1 to 5 capital letters and digits, such as 108 */
                        readonly reason: string;
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Dispute"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/disputes/{id}/complaint": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Tell NPCI of a complaint now, over the wire
         * @description Where a dispute asks for B 108 or FB 121 of a bank on the XML wire: it leaves as a ReqComplaint, and goes into no file. Somebody else than who asked must say so. 202 says that it left, not that NPCI has it: `complaint` of the dispute tells, and money moves when an adjustment report has it. What got no answer is asked about and never sent again. NPCI OC 117.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a dispute id: dsp_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description nothing */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": Record<string, never>;
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Dispute"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/disputes/{id}/status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask NPCI what became of a complaint
         * @description As the hub does by itself while nothing is known. The answer comes later, in `complaint` of the dispute.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a dispute id: dsp_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description nothing */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": Record<string, never>;
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Dispute"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/disputes/{id}/decision": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Agree to what this bank does by itself, or drop it
         * @description A shadow reversal (SR), and its end (SRC, SRX), go to no other bank: somebody else than who asked agrees, and it is done in that commit, judged once more by the rules of now. SR credits the customer provisionally: the amount is in the account, under a lien. SRC lets the lien go, at the cost of the bank; SRX takes the credit back. RBI/2026-27/167 to 173, from 1 January 2027.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a dispute id: dsp_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description false: what was asked for is dropped; also by who asked */
                        readonly agree: boolean;
                        /** @description why, in words of 1 to 400 characters */
                        readonly reason?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Dispute"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/reports": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The reports that there are */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly name: string;
                                readonly title: string;
                                readonly what: string;
                            }[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly asOf: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/reports/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A report, as JSON, CSV, a workbook, or a PDF to print
         * @description `from` and `to` are days in IST, both inclusive; today where they are left out. In CSV and workbooks no cell is a formula, and amounts are rupees with two decimals; in JSON they are paise. At most 366 days and 50000 rows, 5000 in a PDF.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description json, csv, xlsx or pdf */
                    readonly format?: "json" | "csv" | "xlsx" | "pdf";
                    /** @description a day in IST, such as 2026-11-27 */
                    readonly from?: string;
                    /** @description a day in IST, such as 2026-11-27 */
                    readonly to?: string;
                    /** @description the number of a cycle, such as 5 */
                    readonly cycle?: string;
                    /** @description the code of a bank of this hub */
                    readonly institution?: string;
                };
                readonly header?: never;
                readonly path: {
                    /** @description one of settlement-statement, cycle-positions, positions, ledger-proof, ageing, breaks, disputes, files, compensation */
                    readonly name: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description The report. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly name: string;
                            readonly title: string;
                            readonly notes: readonly string[];
                            readonly columns: readonly string[];
                            readonly kinds: readonly string[];
                            readonly rows: readonly (readonly (string | null)[])[];
                        };
                        readonly "text/csv": string;
                        readonly "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                        readonly "application/pdf": string;
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/disputes/{id}/evidence": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Hand in a paper
         * @description A PDF, a PNG or JPEG picture, or a text in UTF-8, as the body of the request: at most 2097152 bytes, 20 a dispute. What it is its first bytes say, not its name. It is kept encrypted. The same again is kept once.
         */
        readonly post: {
            readonly parameters: {
                readonly query: {
                    /** @description what the file is called: 1 to 100 characters, none of them a control character or a slash */
                    readonly name: string;
                };
                readonly header?: never;
                readonly path: {
                    /** @description a dispute id: dsp_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /** @description false: it was there already */
                            readonly kept: boolean;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/disputes/{id}/evidence/{evidenceId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A paper, as it was handed in
         * @description Papers have names and account numbers in them: a program needs `details:read`, a person `details:reveal`. Each look is written down.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description a dispute id: dsp_ and 32 hex digits */
                    readonly id: string;
                    /** @description an id of a paper: evd_ and 32 hex digits */
                    readonly evidenceId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description The file. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/octet-stream": string;
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-endpoints": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who is told, newest first */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /** @description an endpoint id: whe_ and 32 hex digits */
                                readonly id: string;
                                /** @description an https URL without a user, of a public address; in a sandbox also one of this machine */
                                readonly url: string;
                                readonly events: readonly ("payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn")[] | null;
                                readonly signatures: readonly ("v1" | "v1a")[];
                                readonly description: string | null;
                                readonly enabled: boolean;
                                readonly disabledReason: ("asked" | "gone") | null;
                                /** @description whpk_… of the keys that v1a signs with now, the newest last */
                                readonly publicKeys: readonly string[];
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly createdAt: string;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Have somebody told
         * @description Each event of the types in `events`, or of all types, from now on, by POST, as Standard Webhooks 1.0.0 has it. The answer has the secret that deliveries are verified with, and nothing shows it again.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an endpoint to tell */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an https URL without a user, of a public address; in a sandbox also one of this machine */
                        readonly url: string;
                        readonly events?: readonly ("payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn")[] | null;
                        readonly signatures?: readonly ("v1" | "v1a")[];
                        /** @description a description of 1 to 200 characters, none of them a control character */
                        readonly description?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an endpoint id: whe_ and 32 hex digits */
                            readonly id: string;
                            /** @description an https URL without a user, of a public address; in a sandbox also one of this machine */
                            readonly url: string;
                            readonly events: readonly ("payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn")[] | null;
                            readonly signatures: readonly ("v1" | "v1a")[];
                            readonly description: string | null;
                            readonly enabled: boolean;
                            readonly disabledReason: ("asked" | "gone") | null;
                            /** @description whpk_… of the keys that v1a signs with now, the newest last */
                            readonly publicKeys: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly secret: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-endpoints/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One endpoint */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an endpoint id: whe_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an endpoint id: whe_ and 32 hex digits */
                            readonly id: string;
                            /** @description an https URL without a user, of a public address; in a sandbox also one of this machine */
                            readonly url: string;
                            readonly events: readonly ("payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn")[] | null;
                            readonly signatures: readonly ("v1" | "v1a")[];
                            readonly description: string | null;
                            readonly enabled: boolean;
                            readonly disabledReason: ("asked" | "gone") | null;
                            /** @description whpk_… of the keys that v1a signs with now, the newest last */
                            readonly publicKeys: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /**
         * End an endpoint
         * @description It is told nothing more, also not what it had yet to be told.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an endpoint id: whe_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an endpoint id: whe_ and 32 hex digits */
                            readonly id: string;
                            /** @description an https URL without a user, of a public address; in a sandbox also one of this machine */
                            readonly url: string;
                            readonly events: readonly ("payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn")[] | null;
                            readonly signatures: readonly ("v1" | "v1a")[];
                            readonly description: string | null;
                            readonly enabled: boolean;
                            readonly disabledReason: ("asked" | "gone") | null;
                            /** @description whpk_… of the keys that v1a signs with now, the newest last */
                            readonly publicKeys: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                        };
                    };
                };
                /** @description It has ended. */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        /**
         * Change an endpoint
         * @description A disabled endpoint is told nothing; what it had yet to be told waits until it is enabled, and what happens meanwhile it is never told: `GET /v1/events` and `POST /v1/events/{id}/redeliver` are for that.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an endpoint id: whe_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            /** @description what to change of an endpoint */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an https URL without a user, of a public address; in a sandbox also one of this machine */
                        readonly url?: string;
                        readonly events?: readonly ("payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn")[] | null;
                        readonly description?: string | null;
                        readonly enabled?: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an endpoint id: whe_ and 32 hex digits */
                            readonly id: string;
                            /** @description an https URL without a user, of a public address; in a sandbox also one of this machine */
                            readonly url: string;
                            readonly events: readonly ("payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn")[] | null;
                            readonly signatures: readonly ("v1" | "v1a")[];
                            readonly description: string | null;
                            readonly enabled: boolean;
                            readonly disabledReason: ("asked" | "gone") | null;
                            /** @description whpk_… of the keys that v1a signs with now, the newest last */
                            readonly publicKeys: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/v1/webhook-endpoints/{id}/rotate-secret": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Change the secret of an endpoint
         * @description Until the overlap is over every delivery has a signature of the old secret and one of the new, so that there is no moment in which a receiver must have both changed at once. The same for keys of v1a.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an endpoint id: whe_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description a number of hours from 0 to 168, in which deliveries have signatures of both; 24 when absent */
                        readonly overlapHours?: number;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an endpoint id: whe_ and 32 hex digits */
                            readonly id: string;
                            /** @description an https URL without a user, of a public address; in a sandbox also one of this machine */
                            readonly url: string;
                            readonly events: readonly ("payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn")[] | null;
                            readonly signatures: readonly ("v1" | "v1a")[];
                            readonly description: string | null;
                            readonly enabled: boolean;
                            readonly disabledReason: ("asked" | "gone") | null;
                            /** @description whpk_… of the keys that v1a signs with now, the newest last */
                            readonly publicKeys: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            readonly secret: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-endpoints/{id}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Try an endpoint
         * @description One delivery now, of the type `webhook.test`, signed as all are; the answer is what came of it. It is not repeated.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an endpoint id: whe_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            readonly event: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly at: string;
                            readonly durationMs: number;
                            readonly status: number | null;
                            readonly error: string | null;
                            readonly body: string | null;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-endpoints/{id}/attempts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What was tried, newest first
         * @description Each try of the last thirty days, with what was answered.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path: {
                    /** @description an endpoint id: whe_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                readonly event: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly durationMs: number;
                                readonly status: number | null;
                                readonly error: string | null;
                                readonly body: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-endpoints/{id}/dead-letters": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What was given up, newest first
         * @description Events that were not taken in three days. `POST /v1/events/{id}/redeliver` has one told again.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                };
                readonly header?: never;
                readonly path: {
                    /** @description an endpoint id: whe_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly event: string;
                                readonly tries: number;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly givenUpAt: string;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What happened, oldest first
         * @description For programs that ask instead of being told. Go on with `nextCursor` and the same filters; it is there also when `hasMore` is false, and nothing is missed. A page may be short, even empty, while `hasMore` is true. `payment`: its steps, what it did to its link, and what settlement found out about it; events of settlement are shown with `settlement:read`.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                    /** @description a type of event (docs/reference/events.md) */
                    readonly type?: "payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled" | "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled" | "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn";
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly payment?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly components["schemas"]["Event"][];
                            readonly hasMore: boolean;
                            /** @description where the next call goes on, also when there is nothing more yet; null only when there never was an event */
                            readonly nextCursor: string | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/events/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One event */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an event id: evt_ and 36 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Event"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/events/{id}/redeliver": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Have an event told again
         * @description To one endpoint, or to all that are enabled, with the same `webhook-id`, whether it was told, given up or never asked for. The schedule of tries begins anew. Events of that payment which are still to be told wait behind it.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    /** @description an event id: evt_ and 36 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an endpoint id: whe_ and 32 hex digits */
                        readonly endpoint?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description an event id: evt_ and 36 hex digits */
                            readonly event: string;
                            /** @description who is told again, as soon as may be */
                            readonly endpoints: readonly string[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/payments/{id}/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Who was told of it, newest try first
         * @description Each try of the last thirty days to tell an endpoint of one of its events, what is still to be told, and what was given up. What receivers answered is there for who may read webhooks. `POST /v1/events/{id}/redeliver` has an event told again.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                    /** @description a cursor that the hub gave out */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                readonly id: string;
                                readonly event: string;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly durationMs: number;
                                readonly status: number | null;
                                readonly error: string | null;
                                readonly body: string | null;
                                /** @description an endpoint id: whe_ and 32 hex digits */
                                readonly endpoint: string;
                                readonly host: string | null;
                            }[];
                            readonly hasMore: boolean;
                            readonly nextCursor: string | null;
                            readonly pending: readonly {
                                /** @description an endpoint id: whe_ and 32 hex digits */
                                readonly endpoint: string;
                                readonly host: string | null;
                                /** @description yet to be told, the next first */
                                readonly events: readonly string[];
                                /** @description of the first of them, so far */
                                readonly tries: number;
                                /** @description null: the endpoint is disabled, and is told nothing until it is enabled */
                                readonly nextTryAt: string | null;
                            }[];
                            readonly givenUp: readonly {
                                /** @description an endpoint id: whe_ and 32 hex digits */
                                readonly endpoint: string;
                                readonly host: string | null;
                                readonly event: string;
                                readonly tries: number;
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly givenUpAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sandbox/messages": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The last messages to your customers, newest first
         * @description They go to no phone in a sandbox. Kept in memory, a thousand of them.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /**
                     * @description a mobile number in India: 10 digits, the first 6 to 9
                     * @example 9876543210
                     */
                    readonly mobile?: string;
                    /** @description a whole number from 1 to 100 */
                    readonly limit?: number;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: readonly {
                                /**
                                 * Format: date-time
                                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                                 */
                                readonly at: string;
                                readonly mobile: string;
                                readonly kind: string;
                                readonly language: string;
                                readonly text: string;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sandbox/inward": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * A credit arrives from another bank
         * @description The simulated switch sends an inward payment; the answer says under which RRN.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an inward payment to make */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount: string;
                        /** @description an account of the hub: ifsc and account, or mobile and mmid */
                        readonly to: {
                            /**
                             * @description an IFSC: four letters, a zero, six letters or digits
                             * @example HDFC0000123
                             */
                            readonly ifsc?: string;
                            /**
                             * @description a bank account number: 1 to 30 letters and digits
                             * @example 50100123456789
                             */
                            readonly account?: string;
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile?: string;
                            /**
                             * @description an MMID: 7 digits
                             * @example 9229123
                             */
                            readonly mmid?: string;
                        };
                        /** @description a remitter: name, account, mobile and mmid, each optional */
                        readonly from?: {
                            /**
                             * @description a name of 1 to 50 ASCII characters
                             * @example Asha Devi
                             */
                            readonly name?: string;
                            /**
                             * @description a bank account number: 1 to 30 letters and digits
                             * @example 50100123456789
                             */
                            readonly account?: string;
                            /**
                             * @description a mobile number in India: 10 digits, the first 6 to 9
                             * @example 9876543210
                             */
                            readonly mobile?: string;
                            /**
                             * @description an MMID: 7 digits
                             * @example 9229123
                             */
                            readonly mmid?: string;
                        };
                        /**
                         * @description remarks of 1 to 50 ASCII characters
                         * @example rent march
                         */
                        readonly remarks?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": Record<string, never>;
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sandbox/faults": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Faults on the switch
         * @description Turns the dials of the simulated switch; the answer has all of them.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description dials by name; what is left out stays as it is */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        readonly drop?: number;
                        readonly delay?: number;
                        readonly duplicate?: number;
                        readonly reorder?: number;
                        readonly corrupt?: number;
                        readonly disconnect?: number;
                        readonly refuseLogOn?: number;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": Record<string, never>;
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sandbox/cycle": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cut a settlement cycle and produce its files
         * @description The simulated switch settles what its own journal has, and writes the files of each member into the inbox.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description settlement date; with cycle */
                        readonly date?: string;
                        /** @description number of the cycle; with date */
                        readonly cycle?: string;
                        readonly seed?: number;
                        readonly pgp?: boolean;
                        /** @description mistakes to make */
                        readonly errors?: {
                            readonly missing?: number;
                            readonly duplicate?: number;
                            readonly wrongAmount?: number;
                            readonly wrongBank?: number;
                            readonly truncatedRrn?: number;
                            readonly late?: number;
                            readonly sumOff?: number;
                            readonly statementOff?: number;
                            readonly repeatedFile?: number;
                            readonly halfFile?: number;
                            readonly missingFile?: number;
                        };
                    } | null;
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": Record<string, never>;
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sandbox/disputes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * The other bank of a payment raises a dispute
         * @description A bank behind the simulated switch raises it; NPCI takes or refuses it in the next cycle.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description what the other bank of a payment raises */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description a retrieval reference number: 12 digits
                         * @example 632609000123
                         */
                        readonly paymentRrn: string;
                        /** @description what the other bank raises, such as B */
                        readonly flag: string;
                        readonly reason?: string;
                        /**
                         * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                         * @example 150000
                         */
                        readonly amount?: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": Record<string, never>;
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/passkey-options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to sign in with a passkey
         * @description Give `options` to `navigator.credentials.get`, and send what it gives with `ceremony` to `POST /v1/sessions`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description sealed: send it back with the answer, within five minutes */
                            readonly ceremony: string;
                            /** @description for PublicKeyCredential.parseRequestOptionsFromJSON() */
                            readonly options: {
                                readonly challenge: string;
                                readonly rpId: string;
                                readonly timeout: number;
                                readonly userVerification: string;
                                readonly allowCredentials?: readonly {
                                    readonly id: string;
                                    /** @enum {string} */
                                    readonly type: "public-key";
                                }[];
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/codes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask for a code to sign in with
         * @description The answer is the same whether somebody has this number or not. A code has three tries and three minutes.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description where to send a code */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description a mobile number in India: 10 digits, the first 6 to 9
                         * @example 9876543210
                         */
                        readonly mobile: string;
                        /** @description the number of the tenant whose customer you are, where the hub has several that sign in here */
                        readonly tenant?: number;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/passkey-options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Begin to sign in with a passkey */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description sealed: send it back with the answer, within five minutes */
                            readonly ceremony: string;
                            /** @description for PublicKeyCredential.parseRequestOptionsFromJSON() */
                            readonly options: {
                                readonly challenge: string;
                                readonly rpId: string;
                                readonly timeout: number;
                                readonly userVerification: string;
                                readonly allowCredentials?: readonly {
                                    readonly id: string;
                                    /** @enum {string} */
                                    readonly type: "public-key";
                                }[];
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/wallet/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Sign in to a wallet
         * @description With the code that was sent and the MPIN, or with a passkey. The answer sets the cookie `__Host-turant-wallet`. Whatever is wrong, the answer is the same. A session ends 15 minutes after its last request, and 8 hours after it began.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description a proof whose kind is code or passkey */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly kind: "code";
                        /** @description the id that asking for a code gave */
                        readonly id: string;
                        /** @description six digits */
                        readonly code: string;
                        /** @description six digits */
                        readonly mpin: string;
                    } | {
                        /** @enum {string} */
                        readonly kind: "passkey";
                        /** @description the ceremony that the options came with */
                        readonly ceremony: string;
                        /** @description the use of a passkey as PublicKeyCredential.toJSON() has it */
                        readonly answer: {
                            /** @description base64url, at most 1400 characters */
                            readonly id: string;
                            /** @description base64url, at most 1400 characters */
                            readonly rawId: string;
                            /**
                             * @description public-key
                             * @enum {string}
                             */
                            readonly type: "public-key";
                            readonly authenticatorAttachment?: string | null;
                            /** @description what was asked for, which is credProps at most */
                            readonly clientExtensionResults?: {
                                readonly credProps?: {
                                    readonly rk?: boolean;
                                };
                            };
                            readonly response: {
                                /** @description base64url, at most 4000 characters */
                                readonly clientDataJSON: string;
                                /** @description base64url, at most 4000 characters */
                                readonly authenticatorData: string;
                                /** @description base64url, at most 4000 characters */
                                readonly signature: string;
                                readonly userHandle?: string | null;
                            };
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly id: string;
                            /** @description code or passkey */
                            readonly by: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly provedAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly idleEndsAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                            /** @description for X-CSRF-Token of every request that changes something */
                            readonly csrfToken: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/invitations/look": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** What an invitation is to */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an invitation */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an invitation: inv_ and 43 characters */
                        readonly token: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly name: string;
                            readonly login: string;
                            readonly tenant: number;
                            readonly roles: readonly string[];
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/invitations/passkey-options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to make your first passkey
         * @description Give `options` to `navigator.credentials.create`, and send what it gives with `ceremony` to accept the invitation.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an invitation */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an invitation: inv_ and 43 characters */
                        readonly token: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description sealed: send it back with the answer, within five minutes */
                            readonly ceremony: string;
                            /** @description for PublicKeyCredential.parseCreationOptionsFromJSON() */
                            readonly options: {
                                readonly challenge: string;
                                readonly rp: {
                                    readonly id: string;
                                    readonly name: string;
                                };
                                readonly user: {
                                    readonly id: string;
                                    readonly name: string;
                                    readonly displayName: string;
                                };
                                readonly pubKeyCredParams: readonly {
                                    readonly alg: number;
                                    /** @enum {string} */
                                    readonly type: "public-key";
                                }[];
                                readonly timeout: number;
                                readonly attestation: string;
                                readonly excludeCredentials: readonly {
                                    readonly id: string;
                                    /** @enum {string} */
                                    readonly type: "public-key";
                                }[];
                                readonly authenticatorSelection: {
                                    readonly residentKey: string;
                                    readonly requireResidentKey: boolean;
                                    readonly userVerification: string;
                                };
                                readonly extensions: {
                                    readonly credProps: boolean;
                                };
                                readonly hints: readonly string[];
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/invitations/app-options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to set up an authenticator app
         * @description For those who will have a password and not a passkey.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an invitation */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an invitation: inv_ and 43 characters */
                        readonly token: string;
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description sealed: send it back with the first code, within five minutes */
                            readonly ceremony: string;
                            /** @description for somebody who types it: base32 */
                            readonly secret: string;
                            /** @description for a QR code: otpauth://totp/… */
                            readonly uri: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/invitations/accept": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Accept an invitation, and sign in
         * @description With a passkey, or with a password and an authenticator app. The invitation is used up.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            /** @description an invitation and your first factor */
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description an invitation: inv_ and 43 characters */
                        readonly token: string;
                        /** @description a factor whose kind is passkey or password */
                        readonly factor: {
                            /** @enum {string} */
                            readonly kind: "passkey";
                            /** @description the ceremony that the options came with */
                            readonly ceremony: string;
                            /** @description a new passkey as PublicKeyCredential.toJSON() has it */
                            readonly answer: {
                                /** @description base64url, at most 1400 characters */
                                readonly id: string;
                                /** @description base64url, at most 1400 characters */
                                readonly rawId: string;
                                /**
                                 * @description public-key
                                 * @enum {string}
                                 */
                                readonly type: "public-key";
                                readonly authenticatorAttachment?: string | null;
                                /** @description what was asked for, which is credProps at most */
                                readonly clientExtensionResults?: {
                                    readonly credProps?: {
                                        readonly rk?: boolean;
                                    };
                                };
                                readonly response: {
                                    /** @description base64url, at most 4000 characters */
                                    readonly clientDataJSON: string;
                                    /** @description base64url, at most 20000 characters */
                                    readonly attestationObject: string;
                                    /** @description base64url, at most 4000 characters */
                                    readonly authenticatorData?: string;
                                    /** @description base64url, at most 4000 characters */
                                    readonly publicKey?: string;
                                    readonly publicKeyAlgorithm?: number;
                                    readonly transports?: readonly string[];
                                };
                            };
                            /** @description a name for the passkey, of 1 to 50 characters */
                            readonly label: string;
                        } | {
                            /** @enum {string} */
                            readonly kind: "password";
                            /** @description a password of 12 to 200 characters, whichever you like */
                            readonly password: string;
                            /** @description an authenticator app that shows codes already */
                            readonly app: {
                                /** @description the ceremony that the options came with */
                                readonly ceremony: string;
                                /** @description six digits */
                                readonly code: string;
                            };
                        };
                    };
                };
            };
            readonly responses: {
                /** @description Done. */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description a session id: ses_ and 32 hex digits */
                            readonly id: string;
                            /** @description passkey or password */
                            readonly by: string;
                            /** @description where it was signed in from */
                            readonly address: string;
                            readonly current: boolean;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly lastSeenAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly provedAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly expiresAt: string;
                            /**
                             * Format: date-time
                             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                             */
                            readonly idleEndsAt: string;
                            /** @description for X-CSRF-Token of every request that changes something */
                            readonly csrfToken: string;
                            readonly person: {
                                readonly id: string;
                                readonly name: string;
                                readonly login: string;
                                readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
                            };
                            readonly rights: readonly string[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Payment: {
            /** @description a payment id: pay_ and 32 hex digits */
            readonly id: string;
            /**
             * @description outward or inward
             * @enum {string}
             */
            readonly direction: "outward" | "inward";
            /**
             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
             * @example 150000
             */
            readonly amount: string;
            /** @enum {string} */
            readonly currency: "INR";
            /**
             * @description one of requires_approval, requires_authentication, processing, deemed, succeeded, failed, returned, cancelled
             * @enum {string}
             */
            readonly status: "requires_approval" | "requires_authentication" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
            /**
             * @description the state behind the status
             * @enum {string}
             */
            readonly state: "held" | "sent" | "unconfirmed" | "deemed" | "succeeded" | "declined" | "returned" | "cancelled" | "refused";
            readonly rrn: string | null;
            readonly responseCode: string | null;
            readonly reason: {
                readonly code: string;
                /**
                 * @description who said so
                 * @enum {string}
                 */
                readonly source: "hub" | "remitter_bank" | "npci" | "beneficiary_bank";
                readonly message: string;
                /** @description whether a new payment with the same details may succeed; never true while the outcome is open */
                readonly retryable: boolean;
                readonly raw: string | null;
            } | null;
            readonly from: string | null;
            readonly to: {
                /** @enum {string} */
                readonly kind: "account";
                /**
                 * @description an IFSC: four letters, a zero, six letters or digits
                 * @example HDFC0000123
                 */
                readonly ifsc: string;
                /**
                 * @description a bank account number: 1 to 30 letters and digits
                 * @example 50100123456789
                 */
                readonly account: string;
                readonly name: string | null;
                readonly registeredName: string | null;
            } | {
                /** @enum {string} */
                readonly kind: "mmid";
                /**
                 * @description a mobile number in India: 10 digits, the first 6 to 9
                 * @example 9876543210
                 */
                readonly mobile: string;
                /**
                 * @description an MMID: 7 digits
                 * @example 9229123
                 */
                readonly mmid: string;
                readonly registeredName: string | null;
            } | {
                /** @enum {string} */
                readonly kind: "mobile";
                /**
                 * @description a mobile number in India: 10 digits, the first 6 to 9
                 * @example 9876543210
                 */
                readonly mobile: string;
                /**
                 * @description the first four letters of an IFSC of the bank
                 * @example HDFC
                 */
                readonly bank: string;
                readonly registeredName: string | null;
            };
            /** @description who pays, as the rail names them */
            readonly remitter: {
                readonly name: string | null;
                readonly account: string | null;
                readonly ifsc: string | null;
                readonly mobile: string | null;
                readonly mmid: string | null;
            };
            readonly account: string | null;
            readonly remarks: string | null;
            readonly reference: string | null;
            /**
             * @description one of mobile, internet, branch, atm, sms, ivr, ussd
             * @enum {string}
             */
            readonly channel: "mobile" | "internet" | "branch" | "atm" | "sms" | "ivr" | "ussd";
            /** @description payer and payee have their accounts at one bank of the hub: it was decided there at once, and NPCI never sees it */
            readonly withinBank: boolean;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly updatedAt: string;
            readonly resolvesBy: string | null;
            readonly timeline: readonly {
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly at: string;
                /**
                 * @description a state
                 * @enum {string}
                 */
                readonly state: "held" | "sent" | "unconfirmed" | "deemed" | "succeeded" | "declined" | "returned" | "cancelled" | "refused";
                readonly responseCode?: string;
            }[];
            /** @description what a payment in requires_authentication waits for: POST /v1/payments/{id}/authenticate */
            readonly authentication?: {
                /** @description what the customer can prove with: it takes mpin and one other */
                readonly factors: readonly string[];
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly expiresAt: string;
                readonly challenge: {
                    readonly kind: string;
                    readonly digest: string;
                    /**
                     * Format: date-time
                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                     */
                    readonly expiresAt: string;
                    readonly triesLeft: number;
                } | null;
            };
            /** @description of a payment that is unconfirmed; a null nextCheckAt: all checks were made, and people decide with evidence */
            readonly verification?: {
                /** @description how often the switch was asked what became of it */
                readonly checks: number;
                readonly nextCheckAt: string | null;
            };
        };
        readonly Account: {
            /**
             * @description an account id: acc_ and a number
             * @example acc_100001
             */
            readonly id: string;
            readonly institution: string;
            readonly name: string;
            /**
             * @description a bank account number: 1 to 30 letters and digits
             * @example 50100123456789
             */
            readonly accountNumber: string;
            /**
             * @description an IFSC: four letters, a zero, six letters or digits
             * @example HDFC0000123
             */
            readonly ifsc: string;
            readonly mobile: string | null;
            readonly mmid: string | null;
            /** @description whether its owner consents that what comes for the mobile number and the bank (the default MMID, NBIN and 000) is for this account */
            readonly defaultForMobile: boolean;
            readonly reference: string | null;
            readonly customer: string | null;
            /** @enum {string} */
            readonly status: "open" | "frozen" | "closed";
            /** @enum {string} */
            readonly currency: "INR";
            /** @description an amount in paise as a string of digits, with a minus for a debit */
            readonly balance: string;
            /** @description an amount in paise as a string of digits, with a minus for a debit */
            readonly available: string;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly createdAt: string;
            readonly asOf: {
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly at: string;
                /** @description an amount in paise as a string of digits, with a minus for a debit */
                readonly available: string;
            } | null;
        };
        readonly NameEnquiry: {
            /** @description an enquiry id: enq_ and 32 hex digits */
            readonly id: string;
            /** @description whom the question was about */
            readonly to: {
                readonly kind: string;
            };
            readonly from: string | null;
            readonly name: string | null;
            /**
             * @description verified: the beneficiary bank has the account and would credit it; refused: it said why not
             * @enum {string}
             */
            readonly status: "verified" | "refused";
            readonly registeredName: string | null;
            readonly nameMatch: {
                readonly score: number;
                /**
                 * @description what the score means on this hub
                 * @enum {string}
                 */
                readonly verdict: "match" | "close" | "mismatch";
            } | null;
            /** @description of the look-up, as NPCI knows it */
            readonly reference: {
                /**
                 * @description a retrieval reference number: 12 digits
                 * @example 632609000123
                 */
                readonly rrn: string;
                readonly transactionId: string | null;
            };
            readonly reason: {
                readonly code: string;
                /**
                 * @description who said so
                 * @enum {string}
                 */
                readonly source: "hub" | "remitter_bank" | "npci" | "beneficiary_bank";
                readonly message: string;
                /** @description whether a new payment with the same details may succeed; never true while the outcome is open */
                readonly retryable: boolean;
                readonly raw: string | null;
            } | null;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly createdAt: string;
        };
        readonly Approval: {
            readonly id: string;
            readonly subject: {
                /** @enum {string} */
                readonly kind: "payment" | "beneficiary" | "limits" | "client" | "person" | "resolution" | "upload" | "break" | "compensation" | "fee_rate";
                readonly id: string;
            };
            readonly reason: string;
            /** @description SHA-256, in hex, of exactly what is approved; any edit makes another */
            readonly digest: string;
            /** @description one to five steps; all must be passed, each by people of its own */
            readonly steps: readonly {
                /** @description one to five alternatives */
                readonly anyOf: readonly {
                    /** @enum {string} */
                    readonly role: "viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator";
                    /** @description a number of people from 1 to 5 */
                    readonly count: number;
                }[];
            }[];
            readonly maker: string;
            readonly votes: readonly {
                readonly voter: string;
                /** @enum {string} */
                readonly verdict: "approve" | "reject";
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly at: string;
            }[];
            readonly change: Record<string, never> | null;
            readonly payment: {
                /** @description a payment id: pay_ and 32 hex digits */
                readonly id: string;
                /**
                 * @description outward or inward
                 * @enum {string}
                 */
                readonly direction: "outward" | "inward";
                /**
                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                 * @example 150000
                 */
                readonly amount: string;
                /** @enum {string} */
                readonly currency: "INR";
                /**
                 * @description one of requires_approval, requires_authentication, processing, deemed, succeeded, failed, returned, cancelled
                 * @enum {string}
                 */
                readonly status: "requires_approval" | "requires_authentication" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                /**
                 * @description the state behind the status
                 * @enum {string}
                 */
                readonly state: "held" | "sent" | "unconfirmed" | "deemed" | "succeeded" | "declined" | "returned" | "cancelled" | "refused";
                readonly rrn: string | null;
                readonly responseCode: string | null;
                readonly reason: {
                    readonly code: string;
                    /**
                     * @description who said so
                     * @enum {string}
                     */
                    readonly source: "hub" | "remitter_bank" | "npci" | "beneficiary_bank";
                    readonly message: string;
                    /** @description whether a new payment with the same details may succeed; never true while the outcome is open */
                    readonly retryable: boolean;
                    readonly raw: string | null;
                } | null;
                readonly from: string | null;
                readonly to: {
                    /** @enum {string} */
                    readonly kind: "account";
                    /**
                     * @description an IFSC: four letters, a zero, six letters or digits
                     * @example HDFC0000123
                     */
                    readonly ifsc: string;
                    /**
                     * @description a bank account number: 1 to 30 letters and digits
                     * @example 50100123456789
                     */
                    readonly account: string;
                    readonly name: string | null;
                    readonly registeredName: string | null;
                } | {
                    /** @enum {string} */
                    readonly kind: "mmid";
                    /**
                     * @description a mobile number in India: 10 digits, the first 6 to 9
                     * @example 9876543210
                     */
                    readonly mobile: string;
                    /**
                     * @description an MMID: 7 digits
                     * @example 9229123
                     */
                    readonly mmid: string;
                    readonly registeredName: string | null;
                } | {
                    /** @enum {string} */
                    readonly kind: "mobile";
                    /**
                     * @description a mobile number in India: 10 digits, the first 6 to 9
                     * @example 9876543210
                     */
                    readonly mobile: string;
                    /**
                     * @description the first four letters of an IFSC of the bank
                     * @example HDFC
                     */
                    readonly bank: string;
                    readonly registeredName: string | null;
                };
                /** @description who pays, as the rail names them */
                readonly remitter: {
                    readonly name: string | null;
                    readonly account: string | null;
                    readonly ifsc: string | null;
                    readonly mobile: string | null;
                    readonly mmid: string | null;
                };
                readonly account: string | null;
                readonly remarks: string | null;
                readonly reference: string | null;
                /**
                 * @description one of mobile, internet, branch, atm, sms, ivr, ussd
                 * @enum {string}
                 */
                readonly channel: "mobile" | "internet" | "branch" | "atm" | "sms" | "ivr" | "ussd";
                /** @description payer and payee have their accounts at one bank of the hub: it was decided there at once, and NPCI never sees it */
                readonly withinBank: boolean;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly createdAt: string;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly updatedAt: string;
                readonly resolvesBy: string | null;
                readonly timeline: readonly {
                    /**
                     * Format: date-time
                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                     */
                    readonly at: string;
                    /**
                     * @description a state
                     * @enum {string}
                     */
                    readonly state: "held" | "sent" | "unconfirmed" | "deemed" | "succeeded" | "declined" | "returned" | "cancelled" | "refused";
                    readonly responseCode?: string;
                }[];
                /** @description what a payment in requires_authentication waits for: POST /v1/payments/{id}/authenticate */
                readonly authentication?: {
                    /** @description what the customer can prove with: it takes mpin and one other */
                    readonly factors: readonly string[];
                    /**
                     * Format: date-time
                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                     */
                    readonly expiresAt: string;
                    readonly challenge: {
                        readonly kind: string;
                        readonly digest: string;
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly expiresAt: string;
                        readonly triesLeft: number;
                    } | null;
                };
                /** @description of a payment that is unconfirmed; a null nextCheckAt: all checks were made, and people decide with evidence */
                readonly verification?: {
                    /** @description how often the switch was asked what became of it */
                    readonly checks: number;
                    readonly nextCheckAt: string | null;
                };
            } | null;
            readonly nameEnquiry: Record<string, never> | null;
            readonly decision: ("approved" | "rejected" | "cancelled" | "lapsed" | "void") | null;
            readonly decidedAt: string | null;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly expiresAt: string;
        };
        readonly Beneficiary: {
            /** @description a beneficiary id: ben_ and 32 hex digits */
            readonly id: string;
            /** @description a beneficiary whose kind is account, mmid or mobile */
            readonly to: {
                /** @enum {string} */
                readonly kind: "account";
                /**
                 * @description an IFSC: four letters, a zero, six letters or digits
                 * @example HDFC0000123
                 */
                readonly ifsc: string;
                /**
                 * @description a bank account number: 1 to 30 letters and digits
                 * @example 50100123456789
                 */
                readonly account: string;
                /**
                 * @description a name of 1 to 50 ASCII characters
                 * @example Asha Devi
                 */
                readonly name?: string;
            } | {
                /** @enum {string} */
                readonly kind: "mmid";
                /**
                 * @description a mobile number in India: 10 digits, the first 6 to 9
                 * @example 9876543210
                 */
                readonly mobile: string;
                /**
                 * @description an MMID: 7 digits
                 * @example 9229123
                 */
                readonly mmid: string;
                /**
                 * @description a name of 1 to 50 ASCII characters
                 * @example Asha Devi
                 */
                readonly name?: string;
            } | {
                /** @enum {string} */
                readonly kind: "mobile";
                /**
                 * @description a mobile number in India: 10 digits, the first 6 to 9
                 * @example 9876543210
                 */
                readonly mobile: string;
                /**
                 * @description the first four letters of an IFSC of the bank
                 * @example HDFC
                 */
                readonly bank: string;
                /**
                 * @description a name of 1 to 50 ASCII characters
                 * @example Asha Devi
                 */
                readonly name?: string;
            };
            readonly label: string | null;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly createdAt: string;
        };
        readonly Client: {
            /** @description a client id: cli_ and 32 hex digits */
            readonly id: string;
            readonly name: string;
            readonly live: boolean;
            readonly rights: readonly string[];
            readonly networks: readonly string[];
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly createdAt: string;
            readonly disabledAt: string | null;
            readonly keys: readonly {
                readonly id: string;
                readonly lastFour: string;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly createdAt: string;
                readonly expiresAt: string | null;
                readonly revokedAt: string | null;
                readonly lastUsedOn: string | null;
                readonly approval: string | null;
            }[];
            readonly signingKeys: readonly {
                /** @description the keyid of its signatures */
                readonly id: string;
                readonly algorithm: string;
                /** @description SPKI in DER, base64 */
                readonly publicKey: string;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly createdAt: string;
                readonly revokedAt: string | null;
            }[];
        };
        readonly Customer: {
            /** @description a customer id: cus_ and 32 hex digits */
            readonly id: string;
            readonly name: string;
            readonly mobile: string | null;
            readonly language: string;
            readonly reference: string | null;
            readonly stoppedAt: string | null;
            readonly stoppedBy: string | null;
            readonly lockedUntil: string | null;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly createdAt: string;
        };
        readonly Person: {
            /** @description a person id: usr_ and 32 hex digits */
            readonly id: string;
            readonly name: string;
            readonly login: string;
            readonly roles: readonly ("viewer" | "maker" | "checker" | "operations" | "developer" | "auditor" | "administrator")[];
            /** @description kinds of what they prove who they are with; none: they have not accepted their invitation yet */
            readonly factors: readonly ("passkey" | "password" | "totp")[];
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly createdAt: string;
            readonly disabledAt: string | null;
        };
        readonly Dispute: {
            readonly id: string;
            /** @description a payment id: pay_ and 32 hex digits */
            readonly payment: string;
            /**
             * @description a retrieval reference number: 12 digits
             * @example 632609000123
             */
            readonly rrn: string;
            /**
             * @description outward or inward
             * @enum {string}
             */
            readonly direction: "outward" | "inward";
            readonly institution: string;
            readonly remitterBank: string;
            /**
             * @description one of chargeback, deferred, fraud, deferred_fraud, wrong_payment, deferred_wrong_payment, credit_adjustment, beneficiary_good_faith, remitter_good_faith, shadow_reversal
             * @enum {string}
             */
            readonly family: "chargeback" | "deferred" | "fraud" | "deferred_fraud" | "wrong_payment" | "deferred_wrong_payment" | "credit_adjustment" | "beneficiary_good_faith" | "remitter_good_faith" | "shadow_reversal";
            /**
             * @description one of new, raised, represented, pre_arbitration, pre_arbitration_declined, arbitration, arbitration_continued, panel, for_remitter, for_beneficiary, withdrawn, dropped
             * @enum {string}
             */
            readonly state: "new" | "raised" | "represented" | "pre_arbitration" | "pre_arbitration_declined" | "arbitration" | "arbitration_continued" | "panel" | "for_remitter" | "for_beneficiary" | "withdrawn" | "dropped";
            /**
             * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
             * @example 150000
             */
            readonly amount: string;
            /** @description a day in IST, such as 2026-11-27 */
            readonly transactionOn: string;
            /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
            readonly flag: string;
            /** @description a reason code of NPCI: 1 to 5 capital letters and digits, such as 108 */
            readonly reason: string;
            /** @description a day in IST, such as 2026-11-27 */
            readonly steppedOn: string;
            readonly pending: {
                /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
                readonly flag: string;
                /** @description a reason code of NPCI: 1 to 5 capital letters and digits, such as 108 */
                readonly reason: string;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly at: string;
                /** @description whether this bank does it by itself, when somebody else agrees: `decision` */
                readonly own: boolean;
            } | null;
            readonly dueAt: string | null;
            readonly deemed: string | null;
            /** @description paise as a string of digits */
            readonly held: string;
            /** @description paise as a string of digits */
            readonly receivable: string;
            readonly hasLien: boolean;
            readonly openedBy: string;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly openedAt: string;
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly updatedAt: string;
            readonly closedAt: string | null;
            readonly next: readonly {
                /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
                readonly flag: string;
                readonly name: string;
                readonly by: readonly string[];
                /** @description whether it is for the bank of this payment on this hub to say */
                readonly ours: boolean;
                readonly reasons: readonly string[];
                readonly until: string | null;
                /** @description none, to_remitter, to_beneficiary or as_decided */
                readonly moves: string;
                readonly needsEvidence: boolean;
                readonly source: string;
            }[];
            readonly events: readonly {
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly at: string;
                readonly kind: string;
                readonly flag: string | null;
                readonly reason: string | null;
                readonly actor: string;
                readonly from: string;
                readonly to: string;
                readonly funds: string;
                /** @description paise as a string of digits */
                readonly amount: string;
                readonly rule: string | null;
                readonly note: string | null;
                readonly said: {
                    /** @description names the sentence, so that it can be said in another language */
                    readonly code: string;
                    /** @description what stands in it: codes, numbers, a cycle */
                    readonly values: {
                        readonly [key: string]: string | number;
                    };
                    /** @description the same in English */
                    readonly text: string;
                } | null;
            }[];
            readonly evidence: readonly {
                readonly id: string;
                readonly name: string;
                readonly mediaType: string;
                readonly bytes: number;
                readonly sha256: string;
                readonly addedBy: string;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly addedAt: string;
            }[];
            readonly complaint: {
                /** @description a flag of NPCI: 1 to 4 capital letters, such as B or RGGC */
                readonly flag: string;
                /** @description a reason code of NPCI: 1 to 5 capital letters and digits, such as 108 */
                readonly reason: string;
                /**
                 * @description one of asked, taken, refused, unheard
                 * @enum {string}
                 */
                readonly state: "asked" | "taken" | "refused" | "unheard";
                readonly reference: string | null;
                readonly responseCode: string | null;
                readonly askedBy: string;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly askedAt: string;
                /** @description how often NPCI was asked what became of it */
                readonly checks: number;
                readonly checkedAt: string | null;
                readonly answeredAt: string | null;
            } | null;
        };
        readonly Break: {
            readonly break: {
                /** @description a break id: brk_ and 32 hex digits */
                readonly id: string;
                /**
                 * @description one of B01 to B30
                 * @enum {string}
                 */
                readonly type: "B01" | "B02" | "B03" | "B04" | "B05" | "B06" | "B07" | "B08" | "B09" | "B10" | "B11" | "B12" | "B13" | "B14" | "B15" | "B16" | "B17" | "B18" | "B19" | "B20" | "B21" | "B22" | "B23" | "B24" | "B25" | "B26" | "B27" | "B28" | "B29" | "B30";
                /** @description of the type */
                readonly name: string;
                /**
                 * @description one of open, assigned, resolved, carried
                 * @enum {string}
                 */
                readonly state: "open" | "assigned" | "resolved" | "carried";
                readonly institution: string | null;
                readonly cycle: string | null;
                readonly direction: ("outward" | "inward") | null;
                readonly rrn: string | null;
                readonly remitterBank: string | null;
                readonly amount: string | null;
                readonly payment: string | null;
                readonly run: string | null;
                readonly action: string | null;
                readonly dueAt: string | null;
                readonly assignee: string | null;
                readonly resolution: string | null;
                readonly resolvedBy: string | null;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly openedAt: string;
                readonly closedAt: string | null;
            };
            /** @description what it was opened with, in words */
            readonly detail: string;
            readonly said: {
                /** @description names the sentence, so that it can be said in another language */
                readonly code: string;
                /** @description what stands in it: codes, numbers, a cycle */
                readonly values: {
                    readonly [key: string]: string | number;
                };
                /** @description the same in English */
                readonly text: string;
            } | null;
            /** @description how it is known */
            readonly found: string;
            /**
             * @description one of auto, people, suggest, alert
             * @enum {string}
             */
            readonly handling: "auto" | "people" | "suggest" | "alert";
            /** @description the journal or file that comes of it */
            readonly output: string;
            /** @description by which rule it is due */
            readonly deadline: string;
            /** @description what each source says */
            readonly facts: {
                readonly [key: string]: string | number | readonly string[] | null;
            };
            readonly suggestion: string | null;
            readonly comments: readonly {
                readonly author: string;
                readonly text: string | null;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly at: string;
            }[];
        };
        /** @description an event: what a webhook is told, and its id */
        readonly Event: {
            /** @description an event id: evt_ and 36 hex digits */
            readonly id: string;
            /**
             * @description a type of event (docs/reference/events.md)
             * @enum {string}
             */
            readonly type: "payment.requires_authentication" | "payment.requires_approval" | "payment.processing" | "payment.deemed" | "payment.succeeded" | "payment.failed" | "payment.returned" | "payment.cancelled";
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly timestamp: string;
            readonly data: {
                /** @description a payment id: pay_ and 32 hex digits */
                readonly id: string;
                /**
                 * @description outward or inward
                 * @enum {string}
                 */
                readonly direction: "outward" | "inward";
                /**
                 * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                 * @example 150000
                 */
                readonly amount: string;
                /** @enum {string} */
                readonly currency: "INR";
                /**
                 * @description one of requires_approval, requires_authentication, processing, deemed, succeeded, failed, returned, cancelled
                 * @enum {string}
                 */
                readonly status: "requires_approval" | "requires_authentication" | "processing" | "deemed" | "succeeded" | "failed" | "returned" | "cancelled";
                /**
                 * @description the state behind the status
                 * @enum {string}
                 */
                readonly state: "held" | "sent" | "unconfirmed" | "deemed" | "succeeded" | "declined" | "returned" | "cancelled" | "refused";
                readonly rrn: string | null;
                readonly responseCode: string | null;
                readonly reason: {
                    readonly code: string;
                    /**
                     * @description who said so
                     * @enum {string}
                     */
                    readonly source: "hub" | "remitter_bank" | "npci" | "beneficiary_bank";
                    readonly message: string;
                    /** @description whether a new payment with the same details may succeed; never true while the outcome is open */
                    readonly retryable: boolean;
                    readonly raw: string | null;
                } | null;
                readonly from: string | null;
                readonly to: {
                    /** @enum {string} */
                    readonly kind: "account";
                    /**
                     * @description an IFSC: four letters, a zero, six letters or digits
                     * @example HDFC0000123
                     */
                    readonly ifsc: string;
                    /**
                     * @description a bank account number: 1 to 30 letters and digits
                     * @example 50100123456789
                     */
                    readonly account: string;
                    readonly name: string | null;
                    readonly registeredName: string | null;
                } | {
                    /** @enum {string} */
                    readonly kind: "mmid";
                    /**
                     * @description a mobile number in India: 10 digits, the first 6 to 9
                     * @example 9876543210
                     */
                    readonly mobile: string;
                    /**
                     * @description an MMID: 7 digits
                     * @example 9229123
                     */
                    readonly mmid: string;
                    readonly registeredName: string | null;
                } | {
                    /** @enum {string} */
                    readonly kind: "mobile";
                    /**
                     * @description a mobile number in India: 10 digits, the first 6 to 9
                     * @example 9876543210
                     */
                    readonly mobile: string;
                    /**
                     * @description the first four letters of an IFSC of the bank
                     * @example HDFC
                     */
                    readonly bank: string;
                    readonly registeredName: string | null;
                };
                /** @description who pays, as the rail names them */
                readonly remitter: {
                    readonly name: string | null;
                    readonly account: string | null;
                    readonly ifsc: string | null;
                    readonly mobile: string | null;
                    readonly mmid: string | null;
                };
                readonly account: string | null;
                readonly remarks: string | null;
                readonly reference: string | null;
                /**
                 * @description one of mobile, internet, branch, atm, sms, ivr, ussd
                 * @enum {string}
                 */
                readonly channel: "mobile" | "internet" | "branch" | "atm" | "sms" | "ivr" | "ussd";
                /** @description payer and payee have their accounts at one bank of the hub: it was decided there at once, and NPCI never sees it */
                readonly withinBank: boolean;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly createdAt: string;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly updatedAt: string;
                readonly resolvesBy: string | null;
                readonly timeline: readonly {
                    /**
                     * Format: date-time
                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                     */
                    readonly at: string;
                    /**
                     * @description a state
                     * @enum {string}
                     */
                    readonly state: "held" | "sent" | "unconfirmed" | "deemed" | "succeeded" | "declined" | "returned" | "cancelled" | "refused";
                    readonly responseCode?: string;
                }[];
                /** @description what a payment in requires_authentication waits for: POST /v1/payments/{id}/authenticate */
                readonly authentication?: {
                    /** @description what the customer can prove with: it takes mpin and one other */
                    readonly factors: readonly string[];
                    /**
                     * Format: date-time
                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                     */
                    readonly expiresAt: string;
                    readonly challenge: {
                        readonly kind: string;
                        readonly digest: string;
                        /**
                         * Format: date-time
                         * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                         */
                        readonly expiresAt: string;
                        readonly triesLeft: number;
                    } | null;
                };
                /** @description of a payment that is unconfirmed; a null nextCheckAt: all checks were made, and people decide with evidence */
                readonly verification?: {
                    /** @description how often the switch was asked what became of it */
                    readonly checks: number;
                    readonly nextCheckAt: string | null;
                };
            };
        } | {
            /** @description an event id: evt_ and 36 hex digits */
            readonly id: string;
            /**
             * @description a type of event (docs/reference/events.md)
             * @enum {string}
             */
            readonly type: "payment_link.paid" | "payment_link.overpaid" | "payment_link.partially_paid" | "payment_link.underpaid" | "payment_link.late_credit" | "payment_link.repeated_credit" | "payment_link.expired" | "payment_link.cancelled";
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly timestamp: string;
            readonly data: {
                /** @description a payment link id: lnk_ and 32 hex digits, the 13th an 8 */
                readonly id: string;
                /** @description where the payer pays; whoever has it may see what is asked for */
                readonly url: string;
                /**
                 * @description one of open, paid, expired, cancelled
                 * @enum {string}
                 */
                readonly status: "open" | "paid" | "expired" | "cancelled";
                readonly amount: string | null;
                /** @enum {string} */
                readonly currency: "INR";
                readonly partial: boolean;
                /** @enum {string} */
                readonly uses: "once" | "many";
                /** @description an amount in paise as a string of digits, with a minus for a debit */
                readonly amountReceived: string;
                readonly amountRemaining: string | null;
                /**
                 * @description an account id: acc_ and a number
                 * @example acc_100001
                 */
                readonly account: string;
                readonly reference: string | null;
                readonly description: string | null;
                readonly returnUrl: string | null;
                /** @description an account number made for this link: what is paid into it by IMPS is this link’s */
                readonly virtualAccount: {
                    /**
                     * @description an IFSC: four letters, a zero, six letters or digits
                     * @example HDFC0000123
                     */
                    readonly ifsc: string;
                    /**
                     * @description a bank account number: 1 to 30 letters and digits
                     * @example 50100123456789
                     */
                    readonly accountNumber: string;
                };
                readonly lastPayment: {
                    /** @description a payment id: pay_ and 32 hex digits */
                    readonly payment: string;
                    /**
                     * @description an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00
                     * @example 150000
                     */
                    readonly amount: string;
                    /**
                     * @description a retrieval reference number: 12 digits
                     * @example 632609000123
                     */
                    readonly rrn: string;
                    /**
                     * @description exact: as much as was due; part, under: less (in parts, or not asked for so); over: more; late: after the link had ended; repeated: after it was paid
                     * @enum {string}
                     */
                    readonly outcome: "exact" | "part" | "under" | "over" | "late" | "repeated";
                    /**
                     * Format: date-time
                     * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                     */
                    readonly creditedAt: string;
                } | null;
                readonly expiresAt: string | null;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly createdAt: string;
                /**
                 * Format: date-time
                 * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
                 */
                readonly updatedAt: string;
            };
        } | {
            /** @description an event id: evt_ and 36 hex digits */
            readonly id: string;
            /**
             * @description a type of event (docs/reference/events.md)
             * @enum {string}
             */
            readonly type: "dispute.opened" | "dispute.updated" | "dispute.due_soon" | "dispute.closed" | "break.opened" | "break.resolved" | "break.withdrawn" | "compensation.due" | "compensation.paid" | "settlement_cycle.settled" | "settlement_file.accepted" | "settlement_file.refused" | "upload_file.waiting" | "upload_file.released" | "upload_file.sent" | "upload_file.accepted" | "upload_file.refused" | "upload_file.withdrawn";
            /**
             * Format: date-time
             * @description an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z
             */
            readonly timestamp: string;
            /** @description what became of a dispute, a break, compensation, a cycle or a file: as it stood then */
            readonly data: {
                /** @description of the dispute, break, compensation or file; of a cycle TRN/2026-11-28/2 */
                readonly id: string;
                /** @description as it stood then */
                readonly state: string;
                readonly institution: string | null;
                readonly cycle: string | null;
                readonly payment: string | null;
                readonly rrn: string | null;
                readonly direction: ("outward" | "inward") | null;
                readonly amount: string | null;
                readonly reason: string | null;
                readonly dueAt: string | null;
            };
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
