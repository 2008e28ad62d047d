package jaxon.config;

/// Attention.
public record AttentionConfig(
    @Key(
            doc = "How attention is computed; autoselected: as the backend does it best.",
            defaultValue = "autoselected",
            notYet = {"flash", "cudnn_flash_te", "cudnn_flash_jax", "paged"})
        AttentionKernel attention,
    @Key(
            doc = "Which positions a query attends to.",
            defaultValue = "global",
            notYet = {"local_sliding", "chunk", "mla", "full"})
        AttentionType attentionType,
    @Key(
            doc = "Cap c: attention logits become c · tanh(logits / c). 0: no cap.",
            defaultValue = "0",
            min = 0)
        double attnLogitsSoftCap,
    @Key(doc = "Compute query times key in float32.", defaultValue = "false")
        boolean float32QkProduct,
    @Key(doc = "Compute the softmax over attention logits in float32.", defaultValue = "false")
        boolean float32Logits,
    @Key(doc = "Add a bias to the query, key and value projections.", defaultValue = "false")
        boolean attentionBias) {}
