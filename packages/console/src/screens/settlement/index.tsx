import { Navigate, Route, Routes } from 'react-router'
import { BreakPage } from './break-page.tsx'
import { Breaks } from './breaks.tsx'
import { Compensation } from './compensation.tsx'
import { Cycles } from './cycles.tsx'
import { DisputePage } from './dispute-page.tsx'
import { Disputes } from './disputes.tsx'
import { Duties } from './duties.tsx'
import { FeeRates } from './fee-rates.tsx'
import { Files } from './files.tsx'
import { Layout } from './layout.tsx'
import { Positions } from './positions.tsx'
import { Reports } from './reports.tsx'
import { RunPage } from './run-page.tsx'
import { Runs } from './runs.tsx'
import { UploadPage } from './upload-page.tsx'
import { Uploads } from './uploads.tsx'

export function Screen() {
  return (
    <Routes>
      <Route element={<Layout />}>
        <Route index element={<Navigate to="cycles" replace />} />
        <Route path="cycles" element={<Cycles />} />
        <Route path="breaks" element={<Breaks />} />
        <Route path="disputes" element={<Disputes />} />
        <Route path="files" element={<Files />} />
        <Route path="runs" element={<Runs />} />
        <Route path="positions" element={<Positions />} />
        <Route path="uploads" element={<Uploads />} />
        <Route path="duties" element={<Duties />} />
        <Route path="compensation" element={<Compensation />} />
        <Route path="fee-rates" element={<FeeRates />} />
        <Route path="reports" element={<Reports />} />
      </Route>
      <Route path="breaks/:id" element={<BreakPage />} />
      <Route path="disputes/:id" element={<DisputePage />} />
      <Route path="runs/:id" element={<RunPage />} />
      <Route path="uploads/:id" element={<UploadPage />} />
    </Routes>
  )
}
