import { main } from './fuzz/iso8583.ts'

/** `npm run fuzz`: the fuzz of framer and decoder. */
main()
