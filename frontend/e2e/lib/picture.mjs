/** A picture of 8 × 6 pixels, PNG. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAIAAABxZ0isAAAAW0lEQVR42hXMQRHAQBACwciJiBNxIhAxIhCBCESsrGz4djHPyxzmMmJgzIQp87z00EtFoaahpQs55BIRiElIyYIPvlgYbBxcvMCBC+Lf4h43uqCDLtJPMgoq+gCwcUdBre4cwgAAAABJRU5ErkJggg==',
  'base64',
)
