import { Badge, Card, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { counted } from '../../components/counted.ts'
import { Facts } from '../../components/facts.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'

type Seen = Answer<'get', '/v1/system'>

/** How often it is looked at, milliseconds. */
const LOOK_MS = 5_000
/** From when on a certificate is to be replaced, and from when on it is urgent; days. */
const SOON_DAYS = 30
const URGENT_DAYS = 7

/** How the hub stands: versions, links to the switch, certificates, keys, the database. */
export function System() {
  const { t } = useTranslation('administration')
  const found = useApi('/v1/system', {}, { everyMs: LOOK_MS })
  if (found.error !== null && found.data === undefined)
    return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton height={300} />
  const { version, node, startedAt, sandbox, keyStore, database, links, certificates } = found.data
  return (
    <Stack gap="md">
      {found.error !== null && <ProblemAlert problem={found.error} again={() => void found.refetch()} />}
      <Part title={t('system.hub')}>
        <Facts
          items={[
            [t('system.version'), version],
            [t('system.startedAt'), <Instant key="at" at={startedAt} />],
            [t('system.mode'), t(sandbox ? 'system.sandbox' : 'system.live')],
            [t('system.node'), <Code key="node" text={node} />],
            [t('system.database'), <Code key="database" text={`PostgreSQL ${database.version}`} />],
            [t('system.size'), database.bytes === null ? t('system.sizeHidden') : sizeOf(database.bytes)],
            [t('system.keys'), t(keyStore === 'pkcs11' ? 'system.keysHsm' : 'system.keysFile')],
          ]}
        />
      </Part>
      <Part title={t('system.links')}>
        {links.length === 0 ? <Text size="sm">{t('system.noLinks')}</Text> : <Links links={links} />}
      </Part>
      <Part title={t('system.certificates')}>
        {certificates.length === 0 ? (
          <Text size="sm">{t('system.noCertificates')}</Text>
        ) : (
          <Certificates certificates={certificates} />
        )}
      </Part>
    </Stack>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  )
}

function Links({ links }: Pick<Seen, 'links'>) {
  const { t } = useTranslation('administration')
  return (
    <Table.ScrollContainer
      minWidth={520}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('system.links') } }}
    >
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            {(['link', 'linkState', 'linkSince', 'inFlight', 'lastAnswer'] as const).map((name) => (
              <Table.Th key={name}>{t(`system.${name}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {links.map(({ id, role, state, usable, inFlight, since, lastAnswerAt }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <span className="mono">{id}</span> {t(`system.role.${role}`, { defaultValue: role })}
              </Table.Td>
              <Table.Td>
                <Badge
                  variant="light"
                  color={usable ? 'green' : 'red'}
                  radius="sm"
                  tt="none"
                  title={t(`common:status.${state}`, { defaultValue: state })}
                >
                  {t(usable ? 'system.usable' : 'system.notUsable')}
                </Badge>
              </Table.Td>
              <Table.Td>
                <Instant at={since} form="short" />
              </Table.Td>
              <Table.Td>{counted(inFlight)}</Table.Td>
              <Table.Td>
                {lastAnswerAt === null ? t('common:none') : <Instant at={lastAnswerAt} form="short" />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Certificates({ certificates }: Pick<Seen, 'certificates'>) {
  const { t } = useTranslation('administration')
  return (
    <Table.ScrollContainer
      minWidth={420}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('system.certificates') } }}
    >
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            {(['use', 'certificate', 'ends'] as const).map((name) => (
              <Table.Th key={name}>{t(`system.${name}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {certificates
            .toSorted((a, b) => a.daysLeft - b.daysLeft)
            .map(({ use, subject, daysLeft }) => (
              <Table.Tr key={`${use} ${subject}`}>
                <Table.Td>{t(`system.useOf.${use}`, { defaultValue: use })}</Table.Td>
                <Table.Td className="mono">{subject}</Table.Td>
                <Table.Td>
                  <Badge
                    variant="light"
                    radius="sm"
                    tt="none"
                    color={daysLeft <= URGENT_DAYS ? 'red' : daysLeft <= SOON_DAYS ? 'yellow' : 'green'}
                  >
                    {daysLeft < 0 ? t('system.over') : t('system.daysLeft', { count: daysLeft })}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

const Code = ({ text }: { readonly text: string }) => <span className="mono">{text}</span>

/** Bytes as people say them. @param bytes  digits */
function sizeOf(bytes: string): string {
  const mebibytes = Number(BigInt(bytes) >> 20n)
  return mebibytes < 1_024 ? `${mebibytes} MiB` : `${(mebibytes / 1_024).toFixed(1)} GiB`
}
