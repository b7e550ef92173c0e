import { ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka'
import { tlsRules } from '../base/tls.ts'
import type { Sink } from './stream.ts'

export type KafkaOptions = {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly isSecure: boolean
  /** SASL SCRAM-SHA-512; absent: nobody is asked who the hub is. */
  readonly user?: string
  readonly password?: string
}

/**
 * Events to one topic of Kafka, keyed by the payment, so that those of a payment are in one partition and in order. Kept means kept by all
 * replicas in sync. What is published again is there twice, with the same `id` in its
 * body.
 */
export function openKafka({ brokers, topic, isSecure, user, password }: KafkaOptions): Sink {
  const producer = new Producer({
    clientId: 'turant',
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    acks: ProduceAcks.ALL,
    autocreateTopics: false,
    ...(isSecure ? { tls: { ...tlsRules, rejectUnauthorized: true } } : {}),
    ...(user === undefined || password === undefined
      ? {}
      : { sasl: { mechanism: 'SCRAM-SHA-512', username: user, password } }),
  })
  return {
    async publish(events) {
      await producer.send({
        messages: events.map(({ subject, body }) => ({
          topic,
          key: subject,
          value: body,
          headers: { 'content-type': 'application/cloudevents+json' },
        })),
      })
    },
    close: () => producer.close(),
  }
}
