import { Route, Routes } from 'react-router'
import { PaymentList } from './payment-list.tsx'
import { PaymentPage } from './payment-page.tsx'

/** Payments: the list of all, and the page of each. */
export function Screen() {
  return (
    <Routes>
      <Route index element={<PaymentList />} />
      <Route path=":id" element={<PaymentPage />} />
    </Routes>
  )
}
