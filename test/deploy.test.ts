import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { collectDefaultMetrics, Registry } from 'prom-client'

// What an operator takes from deploy/: alerts, a dashboard, a unit, a container.

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined
const promtool = (): { skip?: string } =>
  has('promtool') || process.env.PROMTOOL_TESTS === 'required' ? {} : { skip: 'there is no promtool here' }
const run = (...args: string[]): string =>
  execFileSync('promtool', args, { cwd: join(root, 'deploy'), encoding: 'utf8', stdio: 'pipe' })

test('Prometheus takes the alerts', promtool(), () => {
  assert.match(run('check', 'rules', 'alerts.yml'), /SUCCESS: [0-9]+ rules found/)
})

test('each alert comes when it should, and says what it says', promtool(), () => {
  assert.match(run('test', 'rules', 'alerts.test.yml'), /SUCCESS/)
})

test('each alert has a case that it comes in, and a runbook that is there', () => {
  const rules = read('deploy/alerts.yml')
  const cases = read('deploy/alerts.test.yml')
  const names = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name ?? '')
  assert.ok(names.length > 10)
  assert.deepEqual(
    names.filter((name) => !new RegExp(`alertname: ${name}\\n\\s+exp_alerts:\\n`).test(cases)),
    [],
  )
  for (const [, file = ''] of rules.matchAll(/runbook: (\S+)/g)) assert.ok(read(file).startsWith('# '), file)
})

/** Every metric that a hub has, with the three names of a histogram. */
function metrics(): Set<string> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const own = ['metrics', 'settlement-metrics', 'webhook-metrics'].flatMap((file) =>
    [...read(`src/http/${file}.ts`).matchAll(/'(turant_[a-z_]+)'/g)].map(([, name]) => name ?? ''),
  )
  const all = [...own, ...registry.getMetricsAsArray().map(({ name }) => name), 'up']
  return new Set(all.flatMap((name) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]))
}

/** Names of metrics in an expression: words that are followed by a selector, a range, or nothing that makes them something else. */
const namedIn = (expression: string): string[] =>
  [...expression.replaceAll(/"[^"]*"/g, '""').matchAll(/\b((?:turant|nodejs|process)_[a-z0-9_]+|up)\b/g)].map(
    ([, name]) => name ?? '',
  )

test('every metric that an alert or a panel names is one that a hub has', () => {
  const known = metrics()
  const dashboard: { panels: { title: string; targets: { expr: string }[] }[] } = JSON.parse(
    read('deploy/dashboard.json'),
  )
  const expressions = [
    ...[...read('deploy/alerts.yml').matchAll(/expr: '(.*)'/g)].map(([, one]) => one ?? ''),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ]
  const names = expressions.flatMap((expression) => {
    const found = namedIn(expression)
    assert.ok(found.length > 0, `${expression} names no metric`)
    return found
  })
  assert.ok(names.length > 30)
  assert.deepEqual(
    names.filter((name) => !known.has(name)),
    [],
  )
})

test('the dashboard is one that Grafana imports: ids once, no panel over another, its source chosen on import', () => {
  type Panel = { id: number; gridPos: { x: number; y: number; w: number; h: number }; datasource: { uid: string } }
  const { panels, uid, schemaVersion }: { panels: Panel[]; uid: string; schemaVersion: number } = JSON.parse(
    read('deploy/dashboard.json'),
  )
  assert.ok(uid === 'turant' && schemaVersion >= 39)
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
    assert.ok(x + w <= 24)
    return Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`)
  })
  assert.equal(new Set(cells).size, cells.length)
  assert.ok(panels.every(({ datasource }) => datasource.uid === `$${'{datasource}'}`))
})

test('systemd takes the unit', has('systemd-analyze') ? {} : { skip: 'there is no systemd here' }, () => {
  const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(root, 'deploy/turant.service')], {
    encoding: 'utf8',
  })
  // What is installed elsewhere is not here.
  const wrong = stderr
    .split('\n')
    .filter((line) => line.includes('turant.service') && !/not executable|not exist/.test(line))
  assert.deepEqual(wrong, [])
})

test('the hub is started in the unit and in the container as npm start starts it', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'))
  const [, start = ''] = /exec node (.*)$/.exec(scripts.start ?? '') ?? []
  assert.ok(read('deploy/turant.service').includes(`node ${start}\n`))
  const [, command = '[]'] = /^CMD (.*)$/m.exec(read('deploy/Containerfile')) ?? []
  assert.deepEqual(JSON.parse(command), ['node', ...start.split(' ')])
})

test('the container asks after its health where the hub answers', () => {
  const [, path = ''] = /127\.0\.0\.1:\$\{[^}]*\}(\/[a-z]+)`/.exec(read('deploy/Containerfile')) ?? []
  assert.ok(read('src/http/operations.ts').includes(`'${path}'`), path)
})

test('what the container is built from is there, is let through, and nothing else of this machine is', () => {
  const lines = read('deploy/Containerfile').split('\n')
  const copied = lines.flatMap((line) => {
    const [, paths] = /^COPY (?!--from)(.*) \S+$/.exec(line) ?? []
    return paths?.split(' ') ?? []
  })
  assert.ok(copied.length >= 6)
  const rules = read('.dockerignore').split('\n')
  for (const path of copied) {
    const name = path.replace('./', '')
    assert.ok(existsSync(join(root, name)), name)
    assert.ok(rules.includes(`!${name}`), `${name} is kept out by .dockerignore`)
  }
  assert.equal(rules.filter((rule) => rule.startsWith('!')).length, copied.length)
  for (const made of ['**', '**/node_modules', '**/dist']) assert.ok(rules.includes(made), made)
  // What builds the console comes with it, and goes when it is built.
  assert.ok(lines.some((line) => /^RUN npm ci (?!.*--omit=dev.*&&).*&& npm prune --omit=dev/.test(line)))
})
