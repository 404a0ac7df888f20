import { Icon } from './Icon'
import styles from './stepper.module.css'

/** Where one is in a task of several steps: the current one is marked, those before it are done. */
export function Stepper({ label, steps, current }: { label: string; steps: string[]; current: number }) {
  return (
    <ol className={styles.stepper} aria-label={label}>
      {steps.map((step, index) => (
        <li
          key={step}
          className={index < current ? styles.done : index === current ? styles.current : undefined}
          aria-current={index === current ? 'step' : undefined}
        >
          <span className={styles.dot} aria-hidden="true">
            {index < current ? <Icon name="check" size="xs" /> : index + 1}
          </span>
          <span className={styles.text}>{step}</span>
        </li>
      ))}
    </ol>
  )
}
