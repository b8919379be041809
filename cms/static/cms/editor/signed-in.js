// Tells the pages that wait in other windows that somebody has signed in here.
new BroadcastChannel("cms-signed-in").postMessage(null);
