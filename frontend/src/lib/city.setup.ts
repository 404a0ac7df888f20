// Every unit test's page is Helsinki's, as the server would write it; another city's tests write theirs.
import helsinki from '../../../domain/city/helsinki.json'

if (typeof document !== 'undefined') {
  const element = document.createElement('script')
  element.id = 'city'
  element.type = 'application/json'
  element.textContent = JSON.stringify(helsinki)
  document.head.append(element)
}
