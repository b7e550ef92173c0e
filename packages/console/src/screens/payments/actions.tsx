import { Button, Group } from '@mantine/core'
import { IconFileTypePdf, IconGavel, IconMessageReport, IconPrinter, IconRefresh, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { addressOf } from '../../api/client.ts'
import { useChange } from '../../api/hooks.ts'
import { confirm } from '../../components/confirm.tsx'
import { rupees } from '../../components/money.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { useRight } from '../../session/session.tsx'
import type { Payment } from './payment-page.tsx'

/** What can be done with a payment as it stands, by whoever looks. */
export function Actions({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments')
  const { id, state, direction, amount } = payment
  const params = { id }
  const touches = ['/v1/payments', '/v1/explanations']
  const verify = useChange('post', '/v1/payments/{id}/verify', { touches })
  const cancel = useChange('post', '/v1/payments/{id}/cancel', { touches })
  const mayVerify = useRight('payments:verify') && direction === 'outward'
  const mayCancel = useRight('payments:create')
  const mayResolve = useRight('payments:resolve')
  const navigate = useNavigate()
  const complain = useChange('post', '/v1/payments/{id}/complaint', { touches: [...touches, '/v1/disputes'] })
  const mayComplain = useRight('settlement:write') && direction === 'outward'
  const isOpen = state === 'unconfirmed' || state === 'deemed'

  const askSwitch = () =>
    verify.mutate(
      { params },
      { onSuccess: () => tell(t('action.verifyAsked')), onError: (problem) => tellProblem(t, problem) },
    )
  const takeBack = async () => {
    const title = t('action.cancelTitle', { amount: rupees(amount) })
    if (!(await confirm({ title, text: t('action.cancelText'), act: t('action.cancel'), danger: true }))) return
    cancel.mutate(
      { params },
      { onSuccess: () => tell(t('action.cancelled')), onError: (problem) => tellProblem(t, problem) },
    )
  }
  const complainToNpci = async () => {
    const words = { title: t('action.complainTitle'), text: t('action.complainText'), act: t('action.complain') }
    if (!(await confirm(words))) return
    complain.mutate(
      { params, body: {} },
      {
        onSuccess: (dispute) => {
          tell(t('action.complained'))
          void navigate(`/settlement/disputes/${dispute.id}`)
        },
        onError: (problem) => tellProblem(t, problem),
      },
    )
  }
  return (
    <Group gap="xs">
      {mayVerify && (state === 'sent' || isOpen) && (
        <Button variant="light" leftSection={<IconRefresh size={16} />} loading={verify.isPending} onClick={askSwitch}>
          {t('action.verify')}
        </Button>
      )}
      {mayCancel && state === 'held' && (
        <Button
          variant="light"
          color="red"
          leftSection={<IconX size={16} />}
          loading={cancel.isPending}
          onClick={() => void takeBack()}
        >
          {t('action.cancel')}
        </Button>
      )}
      {mayResolve && isOpen && (
        <Button component={Link} to={`/unconfirmed/${id}`} variant="light" leftSection={<IconGavel size={16} />}>
          {t('action.resolve')}
        </Button>
      )}
      {mayComplain && (state === 'deemed' || state === 'succeeded') && (
        <Button
          variant="light"
          leftSection={<IconMessageReport size={16} />}
          loading={complain.isPending}
          onClick={() => void complainToNpci()}
        >
          {t('action.complain')}
        </Button>
      )}
      <Button
        component="a"
        href={addressOf('/v1/payments/{id}/receipt', params, {})}
        download
        variant="default"
        leftSection={<IconFileTypePdf size={16} />}
      >
        {t('action.receipt')}
      </Button>
      <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => print()}>
        {t('action.print')}
      </Button>
    </Group>
  )
}
