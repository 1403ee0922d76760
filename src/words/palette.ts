/** Colours of our pages, light and dark, each with a contrast of 4.5 and more on both grounds. */
export const PALETTE = `:root {
  --ground: #ffffff; --raised: #f5f6f8; --line: #c9ced6; --text: #1b1f24; --quiet: #545d68; --link: #0a56b8;
  --critical: #a40e26; --high: #b3370b; --medium: #855a00; --low: #35608f; --good: #1a6b36;
  --old: #e8f5ec; --new: #fdebea; --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1d2127; --line: #3d444d; --text: #e6e9ed; --quiet: #a3acb8; --link: #7db5ff;
    --critical: #ff8389; --high: #ff9d6b; --medium: #e9bd56; --low: #8cbcf0; --good: #6fcf8d;
    --old: #17301f; --new: #3a1a1c; --on: #14171b;
  }
}`
