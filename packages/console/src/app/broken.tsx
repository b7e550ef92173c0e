import { Button, Code, Container, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'

/** What is shown where a screen failed: the rest of the console goes on. */
export function Broken() {
  const { t } = useTranslation()
  const error = useRouteError()
  return (
    <Container size="sm" py="xl">
      <Stack>
        <Title order={1} size="h2">
          {t('broken.title')}
        </Title>
        <Text>{t('broken.text')}</Text>
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
        <Group>
          <Button onClick={() => location.reload()}>{t('broken.again')}</Button>
        </Group>
      </Stack>
    </Container>
  )
}
