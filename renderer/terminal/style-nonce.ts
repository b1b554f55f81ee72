import { STYLE_NONCE_META } from '#contract/channels.ts';

/**
 * Let xterm's own styles pass a content security policy without inline styles: its style elements get the nonce
 * that main made for this page, and its `style` attributes are set through CSSOM, which the policy allows.
 * Once, before the first terminal. Without it terminals show text with a wrong font and no colours.
 */
export function allowTerminalStyles(page: Document): void {
  const nonce = page.querySelector<HTMLMetaElement>(`meta[property="${STYLE_NONCE_META}"]`)?.content;
  const createElement = page.createElement.bind(page);
  const withNonce = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = createElement(name, options);
    if (nonce !== undefined && name.toLowerCase() === 'style') element.setAttribute('nonce', nonce);
    return element;
  };
  Object.defineProperty(page, 'createElement', { value: withNonce, configurable: true });

  // oxlint-disable-next-line typescript/unbound-method -- called with its element below
  const { setAttribute } = HTMLElement.prototype;
  Object.defineProperty(HTMLElement.prototype, 'setAttribute', {
    configurable: true,
    value(this: HTMLElement, name: string, value: string): void {
      if (name.toLowerCase() === 'style') this.style.cssText = value;
      else setAttribute.call(this, name, value);
    },
  });
}
