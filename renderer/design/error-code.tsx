import styles from './error-code.module.css';

/** For whoever asks support: small, after what happened and the next step were said in words. */
export function ErrorCode({ code }: { code: string }) {
  return <code className={styles['code']}>code {code}</code>;
}
