/** Two invented RSA public keys, whose private halves nobody kept; the samples of the catalogue's `pem`. */
export const SAMPLE_PEMS = [
  [
    '-----BEGIN PUBLIC KEY-----',
    'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoC5uRsgvoDdTKVlogaQS',
    '1Kclrr5PGVY5Uwt1+Xwlmbiw9ixeX7+RXzPiQ9yTiFpvYN5OpnAqJd0B/cHaJ9uC',
    'nyE88SjYStLZUr1s5MovwyoXrfFGWmnHjk9uZpvYTA9xeMoI5yyHmJAcJqOHHMeR',
    'EMISc2YP9cE4c+v0vqd8ks0htamFjkG14wK4KIeipVAidgptnu8UhBC9mbwvVO3m',
    '8KYDwWkgtj2V5HdqRso10bO3uQ5X/Rxyu1bL38EUxPFF6q+MyPzlYySbxNrFHPGA',
    'J0RnVU/nIZXJyKnonRtc4gZIfS0Uof/76IdeI8vOTDf26I1GiU4Nl7lD4SanuI0T',
    'ZQIDAQAB',
    '-----END PUBLIC KEY-----',
  ].join('\n'),
  [
    '-----BEGIN PUBLIC KEY-----',
    'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEApxhPZcAeeq4oqzl38pPe',
    'm01uyEIOwh5EJhIImNRhapWCI+hk1njwBYr2A/OYLy7s0A0Guq9yyKRtyq4+toEa',
    'FsZWV/soZfuTRb8YplqZsYygiC23k5i5s09KG3iycfcRKwcxviaS4q1arOY3Tt3u',
    'E2lWyMmUODvgFaXsPnskrSTxMseYbwfvohJQSQ8s0c8U0FRtBfJe/98J4NaJivkr',
    'eRcIit6ghV973tmQpXbbK3V26mUYfJZp3PHmKXHPIbVLYn1uhexqnalpCmKJhJXo',
    '3j6mrTAa0GjRznTxKPR0hrecInHC7xsbhR9Jhudo+QUnSuE1cNQVzgP7KEwAloPZ',
    'vQIDAQAB',
    '-----END PUBLIC KEY-----',
  ].join('\n'),
] as const

/** Their RFC 7638 thumbprints. */
export const SAMPLE_THUMBPRINTS = [
  'kw9ejnutGxJOAPc6P1fOd4N6xIiydeM6IWtR_Uob-h0',
  'PBpl0YlZb5tZOChsTcbwHEVI_GSn6UHJ7ZC7mzCePx8',
] as const
