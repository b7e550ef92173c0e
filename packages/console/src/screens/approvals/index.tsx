import { Route, Routes } from 'react-router'
import { ApprovalPage } from './approval-page.tsx'
import { Inbox } from './inbox.tsx'

export function Screen() {
  return (
    <Routes>
      <Route index element={<Inbox />} />
      <Route path=":id" element={<ApprovalPage />} />
    </Routes>
  )
}
