import { Alert, Anchor, Button, Group, Paper, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useApi, useChange } from '../../api/hooks.ts'
import { BackLink } from '../../components/back-link.tsx'
import { confirm } from '../../components/confirm.tsx'
import { counted } from '../../components/counted.ts'
import { Facts } from '../../components/facts.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { Note } from '../../components/line-text.tsx'
import { Money, rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { ScrollTable } from '../../components/scroll-table.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { answerable, UploadAnswer } from './upload-answer.tsx'
import { uploadTones } from './uploads.tsx'

const touches = ['/v1/upload-files', '/v1/approvals']

/** One file for NPCI, row by row; it leaves when other people let it. */
export function UploadPage() {
  const { t } = useTranslation('settlement')
  const { id = '' } = useParams()
  const may = useRight('settlement:write')
  const [withdrawing, setWithdrawing] = useState(false)
  const [answering, setAnswering] = useState(false)
  const [reason, setReason] = useState('')
  const found = useApi('/v1/upload-files/{id}', { params: { id } })
  const release = useChange('post', '/v1/upload-files/{id}/release', { touches })
  const withdraw = useChange('post', '/v1/upload-files/{id}/withdraw', { touches })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={320} />
  const file = found.data
  const refused = file.lines.filter((line) => line.refused !== null).length
  const isAnswers = file.purpose === 'tcc_ret'
  const ask = async () => {
    const words = {
      title: t('upload.release.title'),
      text: t('upload.release.text', { amount: rupees(file.amount), count: file.rows }),
      act: t('upload.release.act'),
    }
    if (await confirm(words))
      release.mutate(
        { params: { id }, body: { sha256: file.sha256 } },
        { onSuccess: () => tell(t('upload.release.done')), onError: (problem) => tellProblem(t, problem) },
      )
  }
  const close = (): void => {
    withdraw.reset()
    setWithdrawing(false)
  }
  return (
    <Stack>
      <BackLink to="/settlement/uploads">{t('part.uploads')}</BackLink>
      <PageHeader
        title={file.fileName}
        actions={
          may && (
            <Group gap="xs">
              {(file.state === 'waiting' || file.state === 'released') && (
                <Button color="red" variant="outline" onClick={() => setWithdrawing(true)}>
                  {t('upload.withdraw.act')}
                </Button>
              )}
              {(file.state === 'sent' || file.state === 'accepted') && answerable(file).length > 0 && (
                <Button variant="default" onClick={() => setAnswering(true)}>
                  {t('upload.rows.act')}
                </Button>
              )}
              {file.state === 'waiting' && file.approval === null && (
                <Button loading={release.isPending} onClick={() => void ask()}>
                  {t('upload.release.act')}
                </Button>
              )}
            </Group>
          )
        }
      />
      {file.approval !== null && file.state === 'waiting' && (
        <Alert variant="light" color="yellow" title={t('upload.pending')}>
          <Anchor component={Link} to={`/approvals/${file.approval}`} underline="always" inherit>
            {t('break.pending.link')}
          </Anchor>
        </Alert>
      )}
      {file.withdrawal !== null && (
        <Alert variant="light" color="gray" title={t('upload.state.withdrawn')}>
          <Note text={file.withdrawal.reason} said={file.withdrawal.said} /> ·{' '}
          <Instant at={file.withdrawal.at} form="short" />
        </Alert>
      )}
      {file.answer !== null && (
        <Alert variant="light" color={file.state === 'refused' ? 'red' : 'green'} title={t('upload.answer')}>
          {file.answer}
        </Alert>
      )}
      {(file.answeredAt !== null || refused > 0) && (
        <Alert
          variant="light"
          color={refused > 0 ? 'red' : 'green'}
          title={refused > 0 ? t('upload.rows.refused', { count: refused }) : t('upload.rows.taken')}
        >
          {t(refused === 0 ? 'upload.rows.takenText' : `upload.rows.refusedText.${isAnswers ? 'answers' : 'disputes'}`)}
        </Alert>
      )}
      <Paper withBorder p="md">
        <Facts
          items={[
            [
              t('state'),
              <StatusBadge key="state" status={t(`upload.state.${file.state}`)} tone={uploadTones[file.state]} />,
            ],
            [t('amount'), <Money key="amount" paise={file.amount} strong />],
            [t('file.rows'), counted(file.rows)],
            [t('upload.purpose.label'), t(`upload.purpose.${file.purpose}`)],
            [t('dueAt'), <Instant key="due" at={file.dueAt} />],
            [t('upload.madeAt'), <Instant key="made" at={file.madeAt} />],
            [t('upload.releasedAt'), <Instant key="released" at={file.releasedAt} />],
            [t('upload.sentAt'), <Instant key="sent" at={file.sentAt} />],
            [t('upload.rows.answeredAt'), <Instant key="answered" at={file.answeredAt} />],
            [t('bank'), file.institution],
            [
              'SHA-256',
              <span key="sha256" className="mono">
                {file.sha256}
              </span>,
            ],
          ]}
        />
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('upload.lines')}
        </Title>
        <ScrollTable
          label={t('upload.lines')}
          minWidth={640}
          head={[
            t('upload.flag'),
            t('rrn'),
            [t('amount'), 'end'],
            t('direction.label'),
            t('dueAt'),
            t('upload.takenOut'),
          ]}
        >
          {file.lines.map(
            ({ reference, flag, reason: why, rrn, amount, direction, dueAt, payment, takenOut, refused: said }) => (
              <Table.Tr key={reference}>
                <Table.Td>
                  {flag} {why}
                </Table.Td>
                <Table.Td className="mono">
                  {payment === null ? (
                    rrn
                  ) : (
                    <Anchor component={Link} to={`/payments/${payment}`} inherit>
                      {rrn}
                    </Anchor>
                  )}
                </Table.Td>
                <Table.Td ta="end">
                  <Money paise={amount} />
                </Table.Td>
                <Table.Td>{t(`direction.${direction}`)}</Table.Td>
                <Table.Td>
                  <Instant at={dueAt} form="short" />
                </Table.Td>
                <Table.Td>
                  {said === null ? (
                    <Note text={takenOut?.reason ?? null} said={takenOut?.said ?? null} />
                  ) : (
                    <>
                      {t('upload.rows.not')}: <span translate="no">{said}</span>
                    </>
                  )}
                </Table.Td>
              </Table.Tr>
            ),
          )}
        </ScrollTable>
      </Paper>
      {answering && <UploadAnswer file={file} onClose={() => setAnswering(false)} />}
      <FormModal
        title={t('upload.withdraw.title')}
        act={t('upload.withdraw.act')}
        danger
        opened={withdrawing}
        onClose={close}
        onSubmit={(event) => {
          event.preventDefault()
          withdraw.mutate(
            { params: { id }, body: { reason: reason.trim() } },
            {
              onSuccess: () => {
                tell(t('upload.withdraw.done'))
                close()
              },
            },
          )
        }}
        pending={withdraw.isPending}
        problem={withdraw.error}
      >
        <Text size="sm">{t('upload.withdraw.text')}</Text>
        <TextInput
          label={t('upload.withdraw.why')}
          value={reason}
          maxLength={200}
          required
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </FormModal>
    </Stack>
  )
}
