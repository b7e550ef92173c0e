import { Button, Group, Modal, Text } from '@mantine/core'
import { useIdle, useInterval } from '@mantine/hooks'
import { focusManager } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api/client.ts'
import { now } from '../clock.ts'
import { useSigning } from './session.tsx'

/** A session ends 15 minutes after its last request. Screens that look by themselves are no reason for it to go on. */
const IDLE_MS = 13 * 60_000
const LAST_MS = 90_000

/** Asks whoever does nothing whether they are there; signs them out when they are not. */
export function IdleWatch() {
  const { t } = useTranslation()
  const { signOut } = useSigning()
  const idle = useIdle(IDLE_MS, { initialState: false })
  const [asking, setAsking] = useState(false)
  const [left, setLeft] = useState(LAST_MS)
  const endsAt = useRef(0)
  const tick = useInterval(() => {
    const rest = endsAt.current - now()
    setLeft(Math.max(0, rest))
    if (rest <= 0) void signOut()
  }, 1_000)

  // biome-ignore lint/correctness/useExhaustiveDependencies: only going idle begins it
  useEffect(() => {
    if (!idle) return
    endsAt.current = now() + LAST_MS
    setLeft(LAST_MS)
    setAsking(true)
    focusManager.setFocused(false) // nothing asks by itself from now on
    tick.start()
  }, [idle])
  // biome-ignore lint/correctness/useExhaustiveDependencies: on the way out
  useEffect(
    () => () => {
      tick.stop()
      focusManager.setFocused(undefined)
    },
    [],
  )

  const stay = () => {
    tick.stop()
    setAsking(false)
    focusManager.setFocused(undefined)
    void call('get', '/v1/sessions/current', {}).catch(() => undefined)
  }
  return (
    <Modal opened={asking} onClose={stay} title={t('idle.title')} withCloseButton={false} zIndex={500}>
      <Text size="sm" mb="md">
        {t('idle.text', { seconds: Math.ceil(left / 1_000) })}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => void signOut()}>
          {t('own.signOut')}
        </Button>
        <Button onClick={stay} data-autofocus>
          {t('idle.stay')}
        </Button>
      </Group>
    </Modal>
  )
}
