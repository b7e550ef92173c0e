const givenNames = [
  'AARAV',
  'ADITI',
  'AKASH',
  'AMIT',
  'ANANYA',
  'ANIL',
  'ANJALI',
  'ARJUN',
  'DEEPA',
  'DIVYA',
  'FARHAN',
  'GAURAV',
  'GEETA',
  'HARPREET',
  'IMRAN',
  'ISHA',
  'JOSEPH',
  'KABIR',
  'KAVITA',
  'KIRAN',
  'LAKSHMI',
  'MANOJ',
  'MEERA',
  'NEHA',
  'NIKHIL',
  'POOJA',
  'PRIYA',
  'RAHUL',
  'RAVI',
  'SANA',
  'SUNITA',
  'VIKRAM',
] as const
const familyNames = [
  'BANERJEE',
  'BHAT',
  'CHAUHAN',
  'DAS',
  'DEVI',
  'DSOUZA',
  'GHOSH',
  'GUPTA',
  'IYER',
  'JOSHI',
  'KAUR',
  'KHAN',
  'KULKARNI',
  'KUMAR',
  'MEHTA',
  'MENON',
  'MISHRA',
  'NAIR',
  'PATEL',
  'PILLAI',
  'RAO',
  'REDDY',
  'SHAH',
  'SHARMA',
  'SINGH',
  'VERMA',
] as const

/** The names that the sandbox's documents promise. */
const known = new Map([['HDFC0000123/50100123456789', 'ASHA DEVI']])

/** FNV-1a over what identifies an account: the same account has the same owner in every run. */
export function digest(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** Who owns an account, by name: at most 20 characters, as DE 120 tag 046 carries it. */
export function registeredName(bank: string, account: string): string {
  const promised = known.get(`${bank}/${account}`)
  if (promised !== undefined) return promised
  const drawn = digest(account) ^ digest(bank)
  return `${givenNames[(drawn >>> 8) % givenNames.length]} ${familyNames[(drawn & 0xff) % familyNames.length]}`
}
