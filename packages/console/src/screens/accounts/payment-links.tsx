import { Anchor, Button, Group, Paper, Switch, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconLink } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useChange, useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { amountColumn, instantColumn, wordColumn } from '../../components/columns.tsx'
import { confirm } from '../../components/confirm.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { paiseOf } from '../../components/money.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'

type PaymentLink = Item<'/v1/payment-links'>

const touches = ['/v1/payment-links']
const tones = { open: 'going', paid: 'good', expired: 'over', cancelled: 'over' } as const

/** What is asked for to be paid into an account: each link with its page, its number and what has come. */
export function PaymentLinks({ id }: { readonly id: string }) {
  const { t } = useTranslation('accounts')
  const may = useRight('links:create')
  const [asking, setAsking] = useState(false)
  const list = useList('/v1/payment-links', { query: { account: id, limit: 100 } })
  const cancel = useChange('post', '/v1/payment-links/{id}/cancel', { touches })
  const end = async (link: PaymentLink): Promise<void> => {
    const words = {
      title: t('link.cancel.title'),
      text: t('link.cancel.text'),
      act: t('link.cancel.act'),
      danger: true,
    }
    if (await confirm(words))
      cancel.mutate(
        { params: { id: link.id } },
        { onSuccess: () => tell(t('link.cancel.done')), onError: (problem) => tellProblem(t, problem) },
      )
  }
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t('link.title')}
        </Title>
        {may && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {t('link.ask.act')}
          </Button>
        )}
      </Group>
      <DataTable
        name="payment-links"
        label={t('link.title')}
        list={list}
        columns={columnsOf(t, may ? end : undefined)}
        rowKey={(link) => link.id}
        height="20rem"
        empty={<EmptyState icon={IconLink} title={t('link.none.title')} text={t('link.none.text')} />}
      />
      {asking && <AskToBePaid account={id} onClose={() => setAsking(false)} />}
    </Paper>
  )
}

const columnsOf = (
  t: TFunction,
  end: ((link: PaymentLink) => Promise<void>) | undefined,
): readonly Column<PaymentLink>[] => [
  instantColumn('createdAt', t('link.madeAt'), ({ createdAt }) => createdAt),
  wordColumn('status', t('status.label'), ({ status }) => t(`link.status.${status}`), {
    show: ({ status }) => <StatusBadge status={t(`link.status.${status}`)} tone={tones[status]} />,
  }),
  amountColumn('amount', t('link.amount'), ({ amount }) => amount),
  amountColumn('received', t('link.received'), ({ amountReceived }) => amountReceived),
  wordColumn('reference', t('reference'), ({ reference }) => reference),
  wordColumn('url', t('link.page'), ({ url }) => url, {
    show: ({ url }) => (
      <Group gap={4} wrap="nowrap">
        <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
          {t('link.open')}
        </Anchor>
        <CopyButton value={url} what={t('link.page')} />
      </Group>
    ),
  }),
  wordColumn('last', t('link.last'), ({ lastPayment }) => lastPayment?.payment, {
    show: ({ lastPayment }) =>
      lastPayment === null ? (
        t('common:none')
      ) : (
        <Anchor component={Link} to={`/payments/${lastPayment.payment}`} size="sm" className="mono">
          {lastPayment.rrn}
        </Anchor>
      ),
  }),
  wordColumn('number', t('link.number'), ({ virtualAccount }) => virtualAccount.accountNumber, { hidden: true }),
  ...(end === undefined
    ? []
    : [
        {
          id: 'end',
          header: t('link.act'),
          cell: (link: PaymentLink) =>
            link.status === 'open' && (
              <Button size="compact-xs" variant="default" onClick={() => void end(link)}>
                {t('link.cancel.act')}
              </Button>
            ),
        },
      ]),
]

/** Makes a link; without an amount its payer says how much. */
function AskToBePaid({ account, onClose }: { readonly account: string; readonly onClose: () => void }) {
  const { t } = useTranslation('accounts')
  const make = useChange('post', '/v1/payment-links', { touches })
  const form = useForm({
    initialValues: { amount: '', reference: '', description: '', isForMany: false },
    validate: {
      amount: (value: string) => (value.trim() === '' || paiseOf(value) !== undefined ? null : t('amountWrong')),
    },
  })
  const submit = form.onSubmit(({ amount, reference, description, isForMany }) => {
    const paise = paiseOf(amount)
    const given = { reference: reference.trim(), description: description.trim() }
    make.mutate(
      {
        body: {
          account,
          uses: isForMany ? 'many' : 'once',
          ...(paise === undefined ? {} : { amount: paise }),
          ...(given.reference === '' ? {} : { reference: given.reference }),
          ...(given.description === '' ? {} : { description: given.description }),
        },
      },
      {
        onSuccess: () => {
          tell(t('link.ask.done'))
          onClose()
        },
      },
    )
  })
  return (
    <FormModal
      title={t('link.ask.act')}
      act={t('link.ask.make')}
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={make.isPending}
      problem={make.error}
    >
      <Text size="sm">{t('link.ask.text')}</Text>
      <TextInput
        label={t('link.amount')}
        description={t('link.ask.amountHelp')}
        inputMode="decimal"
        leftSection="₹"
        {...form.getInputProps('amount')}
      />
      <TextInput label={t('reference')} maxLength={100} {...form.getInputProps('reference')} />
      <TextInput
        label={t('link.ask.description')}
        description={t('link.ask.descriptionHelp')}
        maxLength={200}
        {...form.getInputProps('description')}
      />
      <Switch label={t('link.ask.many')} {...form.getInputProps('isForMany', { type: 'checkbox' })} />
    </FormModal>
  )
}
