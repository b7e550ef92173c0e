import { Center, Loader } from '@mantine/core'

/** While a screen or its texts come. */
export function Waiting() {
  return (
    <Center mih="40vh" role="status" aria-busy="true">
      <Loader type="dots" />
    </Center>
  )
}
