import { Button, Group, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import { confirm } from '../../components/confirm.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { rupees } from '../../components/money.tsx'
import { ProblemAlert, tell } from '../../components/problem-alert.tsx'
import type { DisputeDetail } from './dispute-page.tsx'

/** Agrees to what this bank does by itself in a dispute, or drops it: a shadow reversal, and its end. */
export function DisputeDecision({ dispute }: { readonly dispute: DisputeDetail }) {
  const { t } = useTranslation('settlement')
  const decide = useChange('post', '/v1/disputes/{id}/decision', { touches: ['/v1/disputes', '/v1/accounts'] })
  const [isDropping, setDropping] = useState(false)
  const [reason, setReason] = useState('')
  const { id, amount } = dispute
  const flag = dispute.pending?.flag ?? ''
  const agree = async (): Promise<void> => {
    const words = {
      title: t('dispute.decide.title', { flag }),
      text: t([`dispute.decide.text.${flag}`, 'dispute.decide.text.other'], { amount: rupees(amount) }),
      act: t('dispute.decide.agree', { flag }),
    }
    if (await confirm(words))
      decide.mutate({ params: { id }, body: { agree: true } }, { onSuccess: () => tell(t('dispute.decide.agreed')) })
  }
  const close = (): void => {
    decide.reset()
    setDropping(false)
  }
  return (
    <>
      {decide.error !== null && !isDropping && <ProblemAlert problem={decide.error} />}
      <Group gap="xs" mt="sm">
        <Button loading={decide.isPending && !isDropping} onClick={() => void agree()}>
          {t('dispute.decide.agree', { flag })}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            decide.reset()
            setDropping(true)
          }}
        >
          {t('dispute.decide.drop')}
        </Button>
      </Group>
      <FormModal
        title={t('dispute.decide.dropTitle', { flag })}
        act={t('dispute.decide.drop')}
        danger
        opened={isDropping}
        onClose={close}
        onSubmit={(event) => {
          event.preventDefault()
          const why = reason.trim()
          decide.mutate(
            { params: { id }, body: { agree: false, ...(why === '' ? {} : { reason: why }) } },
            {
              onSuccess: () => {
                tell(t('dispute.decide.dropped'))
                close()
              },
            },
          )
        }}
        pending={decide.isPending}
        problem={decide.error}
      >
        <Text size="sm">{t('dispute.decide.dropText')}</Text>
        <TextInput
          label={t('upload.withdraw.why')}
          value={reason}
          maxLength={200}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </FormModal>
    </>
  )
}
