import { Route, Routes } from 'react-router'
import { OpenPayment } from './open-payment.tsx'
import { Queue } from './queue.tsx'

export function Screen() {
  return (
    <Routes>
      <Route index element={<Queue />} />
      <Route path=":id" element={<OpenPayment />} />
    </Routes>
  )
}
