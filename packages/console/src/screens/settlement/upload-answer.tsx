import { Checkbox, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { FormModal } from '../../components/form-modal.tsx'
import { rupees } from '../../components/money.tsx'
import { tell } from '../../components/problem-alert.tsx'

type File = Answer<'get', '/v1/upload-files/{id}'>
type Line = File['lines'][number]
type Said = { readonly reason: string; readonly again: boolean }

/** Rows that are offered at once; more are found by their RRN. */
const MOST_OFFERED = 20
/** Of a reason, as the API takes it. */
const MOST_LETTERS = 200

/** Rows of a file about which NPCI can be said to have refused them: what was refused before can only be said again, which a dispute asks for itself. */
export const answerable = ({ lines, purpose }: File): readonly Line[] =>
  lines.filter(({ takenOut, refused }) => takenOut === null || (purpose === 'tcc_ret' && refused !== null))

/** Hands in what NPCI made of the rows of a file: which it did not take, and why. The others were taken. */
export function UploadAnswer({ file, onClose }: { readonly file: File; readonly onClose: () => void }) {
  const { t } = useTranslation('settlement')
  const answer = useChange('post', '/v1/upload-files/{id}/answer', {
    touches: ['/v1/upload-files', '/v1/duties', '/v1/breaks', '/v1/disputes'],
  })
  const [wanted, setWanted] = useState('')
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({})
  const [isTried, setTried] = useState(false)
  const mayRepeat = file.purpose === 'tcc_ret'
  const lines = answerable(file)
  const found = lines.filter(({ rrn, reference }) => reference in said || rrn.includes(wanted.trim()))
  const offered = found.filter(({ reference }, at) => at < MOST_OFFERED || reference in said)
  const named = Object.entries(said)
  const tick = ({ reference, refused }: Line, isRefused: boolean): void => {
    const { [reference]: _out, ...others } = said
    setSaid(isRefused ? { ...others, [reference]: { reason: refused ?? '', again: refused !== null } } : others)
  }
  const submit = (event: { readonly preventDefault: () => void }): void => {
    event.preventDefault()
    setTried(true)
    if (named.some(([, { reason }]) => reason.trim() === '')) return
    answer.mutate(
      {
        params: { id: file.id },
        body: {
          refused: named.map(([reference, { reason, again }]) => ({
            reference,
            reason: reason.trim(),
            ...(again ? { again } : {}),
          })),
        },
      },
      {
        onSuccess: () => {
          tell(t('upload.rows.done', { count: named.length }))
          onClose()
        },
      },
    )
  }
  return (
    <FormModal
      title={t('upload.rows.title')}
      act={named.length === 0 ? t('upload.rows.all') : t('upload.rows.some', { count: named.length })}
      size="lg"
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={answer.isPending}
      problem={answer.error}
    >
      <Text size="sm">{t('upload.rows.text')}</Text>
      {lines.length > MOST_OFFERED && (
        <TextInput
          label={t('upload.rows.find')}
          description={t('upload.rows.findHelp', { count: lines.length })}
          inputMode="numeric"
          maxLength={12}
          value={wanted}
          onChange={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      )}
      <Stack gap="xs">
        {offered.map((line) => {
          const { reference, flag, reason: code, rrn, amount, refused } = line
          const one = said[reference]
          const at = named.findIndex(([name]) => name === reference)
          return (
            <Paper key={reference} withBorder p="xs">
              <Checkbox
                label={`${flag} ${code} · ${rrn} · ${rupees(amount)}`}
                {...(refused === null ? {} : { description: t('upload.rows.before') })}
                checked={one !== undefined}
                onChange={({ currentTarget }) => tick(line, currentTarget.checked)}
              />
              {one !== undefined && (
                <Stack gap="xs" mt="xs">
                  <TextInput
                    label={t('upload.rows.reason')}
                    description={t('upload.rows.reasonHelp')}
                    withAsterisk
                    maxLength={MOST_LETTERS}
                    value={one.reason}
                    error={
                      answer.error?.of(`refused.${at}.reason`) ??
                      (isTried && one.reason.trim() === '' ? t('upload.rows.reasonMissing') : undefined)
                    }
                    onChange={({ currentTarget }) =>
                      setSaid({ ...said, [reference]: { ...one, reason: currentTarget.value } })
                    }
                  />
                  {mayRepeat && (
                    <Checkbox
                      label={t('upload.rows.again')}
                      description={t('upload.rows.againHelp')}
                      checked={one.again}
                      onChange={({ currentTarget }) =>
                        setSaid({ ...said, [reference]: { ...one, again: currentTarget.checked } })
                      }
                    />
                  )}
                </Stack>
              )}
            </Paper>
          )
        })}
      </Stack>
      {offered.length === 0 && <Text size="sm">{t('upload.rows.none')}</Text>}
    </FormModal>
  )
}
