import { Button, VisuallyHidden } from '@mantine/core'
import { IconMapPinOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { EmptyState } from '../components/empty-state.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <>
      <VisuallyHidden component="h1">{t('notFound.title')}</VisuallyHidden>
      <EmptyState
        icon={IconMapPinOff}
        title={t('notFound.title')}
        text={t('notFound.text')}
        action={
          <Button component={Link} to="/">
            {t('notFound.back')}
          </Button>
        }
      />
    </>
  )
}
