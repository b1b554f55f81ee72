const { webFrame } = require('electron');

setTimeout(() => webFrame.clearCache(), 3000);
