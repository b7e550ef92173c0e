import { SimpleGrid, Stack } from '@mantine/core'
import { CutCycle } from './cut-cycle.tsx'
import { Faults } from './faults.tsx'
import { InwardCredit } from './inward-credit.tsx'
import { MessageBox } from './message-box.tsx'
import { Outcomes } from './outcomes.tsx'
import { RaiseDispute } from './raise-dispute.tsx'

/** What only a sandbox has: the switch and the banks on the other side do what one wants to see. */
export function SandboxPage() {
  return (
    <Stack gap="md">
      <Outcomes />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <InwardCredit />
        <CutCycle />
        <Faults />
        <RaiseDispute />
      </SimpleGrid>
      <MessageBox />
    </Stack>
  )
}
