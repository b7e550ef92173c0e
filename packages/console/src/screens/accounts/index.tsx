import { Route, Routes } from 'react-router'
import { AccountList } from './account-list.tsx'
import { AccountPage } from './account-page.tsx'

export function Screen() {
  return (
    <Routes>
      <Route index element={<AccountList />} />
      <Route path=":id" element={<AccountPage />} />
    </Routes>
  )
}
